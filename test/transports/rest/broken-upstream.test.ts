import type { Socket } from 'node:net';
import { startRawUpstream, startUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

/** Serves each request with these bytes; then the connection ends, resets or stays. */
function answerRaw(text: string, then: 'end' | 'reset' | 'stay' = 'end') {
  return startRawUpstream((socket) => {
    socket.on('data', () => {
      socket.write(text, 'latin1', () => finish(socket, then));
    });
  });
}

function finish(socket: Socket, how: 'end' | 'reset' | 'stay') {
  if (how === 'end') socket.end();
  if (how === 'reset') setImmediate(() => socket.resetAndDestroy());
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
const of = (length: number, body: string) => `${ok}content-length: ${length}\r\n\r\n${body}`;
const many = Array.from({ length: 3000 }, (_, i) => `x-${i}: ${'v'.repeat(20)}\r\n`).join('');

type Case = [string, string, 'end' | 'reset' | 'stay'];
const withoutHead: Case[] = [
  ['nothing, then the end', '', 'end'],
  ['nothing, then a reset', '', 'reset'],
  ['half a status line', 'HTTP/1.', 'end'],
  ['half a head', ok, 'end'],
  ['garbage', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'stay'],
  ['bytes', '\u0000\u00ff\u0001\u0002\r\n\r\n', 'stay'],
  ['a TLS alert', '\u0015\u0003\u0001\u0000\u0002\u0002\u0046', 'stay'],
  ['a header without colon', 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n', 'stay'],
  ['a bad header name', 'HTTP/1.1 200 OK\r\nx y: 1\r\n\r\n', 'stay'],
  ['a control character in a header', 'HTTP/1.1 200 OK\r\nx: a\u0000b\r\n\r\n', 'stay'],
  ['a long header', `${ok}x: ${'v'.repeat(100_000)}\r\n\r\n{}`, 'stay'],
  ['many headers', `${ok}${many}\r\n{}`, 'stay'],
  ['two lengths', `${ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 'stay'],
  ['a length of letters', `${ok}content-length: two\r\n\r\n{}`, 'stay'],
  ['a negative length', `${ok}content-length: -1\r\n\r\n{}`, 'stay'],
  ['an endless length', `${ok}content-length: 99999999999999999999999\r\n\r\n{}`, 'stay'],
  ['length and chunks', `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`, 'stay'],
  [
    '101 unasked',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    'stay',
  ],
  ['100 and the end', 'HTTP/1.1 100 Continue\r\n\r\n', 'end'],
  ['another version', 'HTTP/7.3 200 OK\r\n\r\n{}', 'stay'],
];
const statuses: Case[] = ['000', '099', '304', '600', '999', '1000', '20', 'abc'].map((status) => [
  `status ${status}`,
  `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`,
  'stay',
]);
const brokenBody: Case[] = [
  ['a body cut short', of(100, '{"a":1}'), 'end'],
  ['a body cut by a reset', of(100, '{"a":1}'), 'reset'],
  ['no body where one is declared', of(100, ''), 'end'],
  ['a body longer than declared', of(7, '{"a":1}more'), 'stay'],
  ['a second answer behind the first', `${of(7, '{"a":1}')}${of(7, '{"a":2}')}`, 'stay'],
  ['chunks without an end', `${chunked}7\r\n{"a":1}\r\n`, 'end'],
  ['a bad chunk size', `${chunked}zz\r\n{"a":1}\r\n0\r\n\r\n`, 'stay'],
  ['a bad chunk after a good one', `${chunked}7\r\n{"a":1}\r\nzz\r\n`, 'stay'],
  ['a chunk cut short', `${chunked}ff\r\n{"a":1}`, 'end'],
  ['bytes behind the last chunk', `${chunked}7\r\n{"a":1}\r\n0\r\n\r\nmore`, 'stay'],
];

/** A generated one could have the digits of the port in it. */
const requestId = { 'x-request-id': 'r' };

function expectCleanFailure(answer: { status: number; text: string; json: any }, port: number) {
  expect(answer.status).toBe(502);
  expect(answer.json).toMatchObject({ status: 502, code: expect.stringMatching(/./) });
  expect(answer.text).not.toContain(String(port));
  expect(answer.text).not.toMatch(/127\.0\.0\.1|localhost|\/run|\bat .*\.[jt]s/);
}

test.each([...withoutHead, ...statuses, ...brokenBody])(
  'U1, U3, U6, X3 %s is a clean 502',
  async (_kind, text, then) => {
    const upstream = await answerRaw(text, then);
    const { post, call } = await startRestAction(upstream.url, { timeout: 20_000 });
    expectCleanFailure(await post({}, requestId), upstream.port);
    expect((await failureOf(call())).error.status).toBe(502);
  },
);

test.each([...withoutHead, ...statuses])(
  '%s is a clean 502 of a stream too',
  async (_kind, text, then) => {
    const upstream = await answerRaw(text, then);
    const { post } = await startRestAction(upstream.url, { responseType: 'stream' });
    expectCleanFailure(await post({}, requestId), upstream.port);
  },
);

test.each(brokenBody)('U3, C5 %s cuts a stream', async (_kind, text, then) => {
  const upstream = await answerRaw(text, then);
  const { post } = await startRestAction(upstream.url, { responseType: 'stream' });
  const outcome = await post().then(
    ({ status }) => status,
    () => 'cut',
  );
  expect(['cut', 502]).toContain(outcome);
});

test.each([
  ['ECONNREFUSED', 'http://127.0.0.1:1'],
  ['ENOTFOUND', 'http://nowhere.invalid'],
])('U1 %s is a 502 with its code', async (code, url) => {
  const { post } = await startRestAction(url);
  const answer = await post();
  // A resolver without network says EAI_AGAIN.
  expect(answer.json.code).toMatch(code === 'ENOTFOUND' ? /^(ENOTFOUND|EAI_AGAIN)$/ : code);
  expect(answer.status).toBe(502);
  expect(answer.text).not.toMatch(/127\.0\.0\.1|nowhere/);
});

test('U1 a plain server behind https is a 502', async () => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url.replace('http:', 'https:'));
  expectCleanFailure(await post({}, requestId), upstream.port);
});

test.each([
  ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['103 Early Hints', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'],
])('the answer behind a %s counts', async (_kind, informational) => {
  const upstream = await answerRaw(informational + of(7, '{"a":1}'));
  const { post } = await startRestAction(upstream.url);
  expect(await post()).toMatchObject({ status: 200, json: { a: 1 } });
});

test('a body that ends with its connection is whole', async () => {
  const upstream = await answerRaw(`${ok}connection: close\r\n\r\n{"a":1}`);
  const { post } = await startRestAction(upstream.url);
  expect(await post()).toMatchObject({ status: 200, json: { a: 1 } });
});

test('U10 a body that breaks under a status 200 is a failure for every hook', async () => {
  const upstream = await answerRaw(of(7, '{"a":1 '), 'stay');
  const transformResponseData = jest.fn();
  const transformResponseError = jest.fn();
  const hooks = { transformResponseData, transformResponseError };
  const { post } = await startRestAction(upstream.url, hooks);
  expect((await post()).json).toMatchObject({ status: 502, code: 'INVALID_RESPONSE' });
  expect(transformResponseData).not.toHaveBeenCalled();
  expect(transformResponseError).not.toHaveBeenCalled();
});

test('U9 an answer that nobody asked for is never taken for the next one', async () => {
  const upstream = await startRawUpstream((socket) => {
    socket.once('data', () => socket.write(of(7, '{"a":1}')));
  });
  const { post } = await startRestAction(upstream.url);
  for (const _time of [1, 2, 3]) {
    expect((await post()).json).toEqual({ a: 1 });
    upstream.sockets.forEach((socket) => socket.write(of(7, '{"a":2}')));
    while (upstream.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }
});
