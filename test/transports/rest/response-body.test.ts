import { Readable } from 'node:stream';
import { startUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

const bytes = Buffer.from([0x89, 0x50, 0x00, 0xff, 0xfe]);

function answerWith(body: string | Buffer, type: string, status = 200) {
  return startUpstream((_request, response) => {
    response.writeHead(status, type === '' ? {} : { 'content-type': type });
    response.end(body);
  });
}

test.each<[string, string, string, unknown]>([
  ['application/json', '{"a":1}', 'json', { a: 1 }],
  ['application/json; charset=utf-8', '{"a":1}', 'json', { a: 1 }],
  ['APPLICATION/JSON', '{"a":1}', 'json', { a: 1 }],
  ['application/vnd.api+json', '[1]', 'json', [1]],
  ['text/plain', '{"a":1}', 'text', '{"a":1}'],
  ['text/html', '<p>', 'text', '<p>'],
  ['image/svg+xml', '<svg/>', 'text', '<svg/>'],
  ['', '{"a":1}', 'JSON without a type', { a: 1 }],
  ['', 'words', 'text without a type', 'words'],
])('a body of type %j that is %j is read as %s', async (type, body, _kind, data) => {
  const upstream = await answerWith(body, type);
  const { call } = await startRestAction(upstream.url);
  expect((await call()).responseData).toEqual(data);
});

test.each([
  ['json', 'text/plain', '{"a":1}', { a: 1 }],
  ['text', 'application/json', '{"a":1}', '{"a":1}'],
  ['text', 'application/octet-stream', 'abc', 'abc'],
  ['arraybuffer', 'application/json', '{}', Buffer.from('{}')],
  [undefined, 'image/png', bytes, bytes],
] as const)('responseType %s reads %s', async (responseType, type, body, data) => {
  const upstream = await answerWith(body, type);
  const { call } = await startRestAction(upstream.url, {
    ...(responseType && { responseType }),
  });
  expect((await call()).responseData).toEqual(data);
});

test('responseType stream gives a stream and debug headers', async () => {
  const upstream = await answerWith(bytes, 'image/png');
  const { call } = await startRestAction(upstream.url, { responseType: 'stream' });
  const result = await call();
  expect(result.responseData).toBeInstanceOf(Readable);
  expect(Buffer.concat(await result.responseData.toArray())).toEqual(bytes);
  expect(result.debugHeaders).toHaveProperty('x-request-id');
});

test.each([
  ['text/plain; charset=windows-1251', Buffer.from([0xcf, 0xf0, 0xe8]), 'При'],
  ['text/plain; charset="utf-16le"', Buffer.from('При', 'utf16le'), 'При'],
  ['application/json; charset=iso-8859-1', Buffer.from('"\u00e9"', 'latin1'), '\u00e9'],
  ['application/json', Buffer.from('\ufeff"x"'), 'x'],
  ['text/plain; charset=unknown', Buffer.from('При'), 'При'],
])('text is read in its charset: %s', async (type, body, text) => {
  const upstream = await answerWith(body, type);
  const { call, post } = await startRestAction(upstream.url);
  expect((await call()).responseData).toBe(text);
  const answer = await post();
  const isJson = type.startsWith('application/json');
  expect(answer.headers['content-type']).toMatch(isJson ? /^application\/json/ : /^text\/plain/);
  expect(answer.headers['content-type']).not.toMatch(/charset=(?!utf-8)/);
  expect(isJson ? answer.json : answer.text).toBe(text);
});

test.each([
  ['not JSON', 'oops'],
  ['cut JSON', '{"a":'],
  ['an HTML page', '<html></html>'],
])('U3 %s under a JSON type is 502 INVALID_RESPONSE', async (_kind, body) => {
  const upstream = await answerWith(body, 'application/json');
  const { post, call } = await startRestAction(upstream.url);
  const transforming = await startRestAction(upstream.url, { transformResponseData: () => 1 });
  for (const answer of [await post(), await transforming.post()]) {
    expect(answer.status).toBe(502);
    expect(answer.json).toMatchObject({ code: 'INVALID_RESPONSE' });
    expect(answer.text).not.toContain(body);
  }
  expect((await failureOf(call())).error.code).toBe('INVALID_RESPONSE');
});

test('U3 two values in a row are 502 for whoever reads them; bytes that nobody reads are only seen to be complete', async () => {
  const upstream = await answerWith('{}{}', 'application/json');
  const { post, call } = await startRestAction(upstream.url);
  const transforming = await startRestAction(upstream.url, { transformResponseData: () => 1 });
  expect(await transforming.post()).toMatchObject({
    status: 502,
    json: { code: 'INVALID_RESPONSE' },
  });
  expect((await failureOf(call())).error.code).toBe('INVALID_RESPONSE');
  expect(await post()).toMatchObject({ status: 200, text: '{}{}' });
});

test.each([undefined, 'json', 'text', 'arraybuffer', 'stream'] as const)(
  'U6 a 204 is an empty answer with responseType %s, again and again',
  async (responseType) => {
    const upstream = await startUpstream((_request, response) => response.writeHead(204).end());
    const { post, call } = await startRestAction(
      upstream.url,
      { ...(responseType && { responseType }), timeout: 5000 },
      { limits: { upstreamSockets: 1 } },
    );
    for (const _time of [1, 2, 3]) {
      expect(await post()).toMatchObject({ status: 200, text: '' });
      expect((await call()).responseData).toBeUndefined();
    }
  },
);

test.each([
  ['HEAD of JSON', 'HEAD', { 'content-type': 'application/json', 'content-length': '100' }, 200],
  ['HEAD of gzip', 'HEAD', { 'content-encoding': 'gzip', 'content-length': '100' }, 200],
  ['an empty JSON body', 'GET', { 'content-type': 'application/json' }, 200],
  ['an empty gzip body', 'GET', { 'content-encoding': 'gzip' }, 200],
  ['an empty 201', 'POST', {}, 201],
  ['an empty 205', 'POST', {}, 205],
] as const)('%s is an empty 200', async (_kind, method, headers, status) => {
  const upstream = await startUpstream((_request, response) =>
    response.writeHead(status, { ...headers }).end(),
  );
  const { post } = await startRestAction(upstream.url, { method });
  expect(await post()).toMatchObject({ status: 200, text: '' });
});

test('a HEAD answer still gives its headers', async () => {
  const upstream = await startUpstream((_request, response) =>
    response.writeHead(200, { 'x-total': '7', 'content-length': '100' }).end(),
  );
  const { post } = await startRestAction(upstream.url, {
    method: 'HEAD',
    proxyResponseHeaders: ['x-total', 'content-length'],
  });
  expect((await post()).headers).toMatchObject({ 'x-total': '7', 'content-length': '0' });
});

test.each([200, 201, 202, 203, 206, 226])('an upstream %d is answered 200', async (status) => {
  const upstream = await answerWith('{"a":1}', 'application/json', status);
  const { post } = await startRestAction(upstream.url);
  expect(await post()).toMatchObject({ status: 200, json: { a: 1 } });
});
