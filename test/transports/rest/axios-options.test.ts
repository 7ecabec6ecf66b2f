import { gzipSync } from 'node:zlib';
import { startUpstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

const compressed = () =>
  startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync('{"a":1}'));
  });

test.each([
  ['onDownloadProgress', { onDownloadProgress: () => undefined }],
  ['maxRate', { maxRate: 1_000_000 }],
  ['maxRate for both ways', { maxRate: [1_000_000, 1_000_000] as [number, number] }],
  ['decompress', { decompress: false }],
  ['responseType', { responseType: 'json' as const }],
  ['transitional', { transitional: { silentJSONParsing: true } }],
])('an own axiosConfig with %s reads bodies as ever', async (_name, axiosConfig) => {
  const upstream = await compressed();
  for (const responseType of [undefined, 'stream'] as const) {
    const definition = responseType && { responseType };
    const { post } = await startRestAction(upstream.url, definition, { axiosConfig });
    expect(await post()).toMatchObject({ status: 200, json: { a: 1 } });
  }
});

test('validateStatus decides what is an error', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"X"}');
  });
  const lenient = { axiosConfig: { validateStatus: () => true } };
  const { post } = await startRestAction(upstream.url, {}, lenient);
  expect(await post()).toMatchObject({ status: 200, json: { code: 'X' } });
});

test("a user's transformResponse is given text", async () => {
  const upstream = await compressed();
  const transformResponse = jest.fn((text: string) => ({ length: text.length }));
  const { post } = await startRestAction(upstream.url, {}, { axiosConfig: { transformResponse } });
  expect((await post()).json).toEqual({ length: 7 });
  expect(transformResponse.mock.calls[0]?.[0]).toBe('{"a":1}');
});
