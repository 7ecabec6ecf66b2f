import { Readable } from 'node:stream';
import { startUpstream } from '../servers/start-upstream';
import { startRestAction } from '../servers/start-rest-action';
import { startGateway } from '../servers/start-gateway';

const bytes = Buffer.from([0x00, 0xff, 0x7f]);

const answerWith = (body: string | Buffer, type: string) =>
  startUpstream((_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(body),
  );

test.each([
  ['text', 'text/plain', 'words', undefined],
  ['text with parameters', 'text/csv; charset=utf-8; header=present', 'a,b', undefined],
  ['a page', 'text/html', '<p>', undefined],
  ['bytes', 'image/png', bytes, undefined],
  ['JSON as bytes', 'application/json', bytes, 'arraybuffer'],
  ['a stream', 'video/mp4', bytes, 'stream'],
] as const)('U7 %s of the upstream keeps its type, with nosniff', async (_kind, type, body, as) => {
  const upstream = await answerWith(body, type);
  const { post } = await startRestAction(upstream.url, { ...(as && { responseType: as }) });
  const answer = await post();
  expect(answer.headers['content-type']).toBe(type);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.body).toEqual(Buffer.from(body));
});

test.each<[string, unknown, string]>([
  ['a string', '<script>', '"<script>"'],
  ['an empty string', '', '""'],
  ['a number', 7, '7'],
  ['false', false, 'false'],
  ['an array', [1, null], '[1,null]'],
  ['a Date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
])('%s from transformResponseData is JSON, never a page', async (_kind, value, text) => {
  const upstream = await answerWith('<p>', 'text/html');
  const { post } = await startRestAction(upstream.url, { transformResponseData: () => value });
  const answer = await post();
  expect(answer.text).toBe(text);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
});

test.each([
  ['Buffer', 'arraybuffer', (data: Buffer) => Buffer.concat([data, data])],
  ['stream', 'stream', (data: Readable) => Readable.from([bytes, data.destroy() && bytes])],
] as const)('a transformed %s keeps the type of the upstream', async (_kind, as, transform) => {
  const upstream = await answerWith(bytes, 'image/png');
  const { post } = await startRestAction(upstream.url, {
    responseType: as,
    transformResponseData: transform as never,
  });
  const answer = await post();
  expect(answer.headers['content-type']).toBe('image/png');
  expect(answer.body).toEqual(Buffer.concat([bytes, bytes]));
});

test.each<[string, () => unknown, { type: string | undefined; text: string }]>([
  ['text', () => '<p>', { type: 'application/json; charset=utf-8', text: '"<p>"' }],
  ['a Buffer', () => Buffer.from('x'), { type: 'application/octet-stream', text: 'x' }],
  [
    'a stream',
    () => Readable.from([Buffer.from('x')]),
    { type: 'application/octet-stream', text: 'x' },
  ],
  ['undefined', () => undefined, { type: undefined, text: '' }],
  ['null', () => null, { type: undefined, text: '' }],
])('a mixed action that gives %s', async (_kind, give, { type, text }) => {
  const { post } = await startGateway({ root: { s: { actions: { run: () => give() } } } });
  const answer = await post('s/run');
  expect(answer).toMatchObject({ status: 200, text });
  expect(answer.headers['content-type']).toBe(type);
});

test.each<[string, () => unknown]>([
  ['a bigint', () => ({ n: 1n })],
  [
    'a circle',
    () => {
      const circle: any = {};
      circle.self = circle;
      return circle;
    },
  ],
  [
    'a throwing toJSON',
    () => ({
      toJSON: () => {
        throw new Error('secret');
      },
    }),
  ],
])('G3 data that JSON cannot carry (%s) is a coded 500', async (_kind, give) => {
  const { post } = await startGateway({ root: { s: { actions: { run: () => give() } } } });
  const answer = await post('s/run');
  expect(answer.status).toBe(500);
  expect(answer.json).toMatchObject({ status: 500, code: expect.stringMatching(/./) });
});
