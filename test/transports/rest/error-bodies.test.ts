import { gzipSync } from 'node:zlib';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

const known = { code: 'KNOWN', message: 'known', details: { a: 1 } };

function failWith(body: string | Buffer, headers: Record<string, string> = {}, status = 422) {
  return startUpstream((_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  });
}

test.each([
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '12'],
  ['a string', '"text"'],
  ['an array', '[1,{"code":"no"}]'],
  ['an empty object', '{}'],
  ['broken JSON', '{"code":'],
  ['HTML', '<html><body>nginx</body></html>'],
  ['odd members', '{"code":{"a":1},"message":[2],"details":[null],"detail":7,"type":[]}'],
  ['null members', '{"code":null,"message":null,"details":null,"detail":null}'],
  ['bytes', Buffer.from([0xff, 0x00, 0xfe, 0x7b])],
])('U8 a JSON error body that is %s gives the status and a coded body', async (_kind, body) => {
  const upstream = await failWith(body, { 'content-type': 'application/json' });
  const { post } = await startRestAction(upstream.url);
  const answer = await post();
  expect(answer.status).toBe(422);
  expect(answer.json).toMatchObject({
    status: 422,
    code: 'GATEWAY_REQUEST_ERROR',
    message: 'Request failed with status code 422',
    requestId: expect.stringMatching(/./),
  });
});

test.each(['json', 'text', 'arraybuffer', 'stream'] as const)(
  'U8 with responseType %s the error body is read and parsed',
  async (responseType) => {
    const upstream = await failWith(JSON.stringify(known), { 'content-type': 'application/json' });
    const { post } = await startRestAction(upstream.url, { responseType });
    const answer = await post();
    expect(answer.status).toBe(422);
    expect(answer.json).toMatchObject(known);
  },
);

test.each(['application/problem+json', 'text/plain', 'application/octet-stream', ''])(
  'an error body in JSON is read under the type %j',
  async (type) => {
    const upstream = await failWith(JSON.stringify(known), type ? { 'content-type': type } : {});
    const { post } = await startRestAction(upstream.url);
    expect((await post()).json).toMatchObject(known);
  },
);

test.each(['json', 'stream'] as const)(
  'an encoded error body is decoded (responseType %s)',
  async (responseType) => {
    const upstream = await failWith(gzipSync(JSON.stringify(known)), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    const { post } = await startRestAction(upstream.url, { responseType });
    expect((await post()).json).toMatchObject(known);
  },
);

test.each([
  ['corrupt', { 'content-encoding': 'gzip' }],
  ['of an unknown coding', { 'content-encoding': 'zstd' }],
])('an error body that is %s leaves the status', async (_kind, headers) => {
  const upstream = await failWith('no gzip', { 'content-type': 'application/json', ...headers });
  const { post } = await startRestAction(upstream.url);
  expect((await post()).json).toMatchObject({ status: 422, code: 'GATEWAY_REQUEST_ERROR' });
});

test('an error body of 200 KB still gives code and message', async () => {
  const body = JSON.stringify({
    code: 'BIG',
    message: 'm',
    details: { list: 'x'.repeat(200_000) },
  });
  const upstream = await failWith(body, { 'content-type': 'application/json' });
  const { post, call } = await startRestAction(upstream.url);
  const answer = await post();
  expect(answer.json).toMatchObject({ status: 422, code: 'BIG', message: 'm' });
  expect(answer.body.length).toBeLessThan(65_536);
  expect((await failureOf(call())).error.details.list).toHaveLength(200_000);
});

test.each(['arraybuffer', 'stream'] as const)(
  'U8 with responseType %s an error body without end is given up, the status stands',
  async (responseType) => {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      const feed = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', feed);
      feed();
    });
    const { post } = await startRestAction(upstream.url, { responseType });
    expect((await post()).json).toMatchObject({ status: 500, code: 'GATEWAY_REQUEST_ERROR' });
  },
);

test.each([
  ['letters', 'm'],
  ['Cyrillic', 'ж'],
  ['emoji', '\u{1f600}'],
  ['control characters', '\u0001'],
])('L4, U8 %s: a message is at most 8 KB, an answer under 64 KB', async (_kind, text) => {
  const long = text.repeat(100_000);
  const body = { code: long, type: long, message: long, details: { title: long, a: long } };
  const upstream = await startUpstream((_request, response) => sendJson(response, body, 500));
  const { post, call } = await startRestAction(upstream.url);
  const answer = await post();
  expect(answer.status).toBe(500);
  expect(answer.body.length).toBeLessThan(65_536);
  expect(answer.json.code).not.toBe('');
  const { error } = await failureOf(call());
  for (const message of [answer.json.message, error.message] as string[]) {
    expect(message.length).toBeGreaterThan(100);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(8192);
    expect(message.isWellFormed()).toBe(true);
  }
});
