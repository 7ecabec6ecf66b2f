import zlib from 'node:zlib';
import { startUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

const text = JSON.stringify({ words: 'ж'.repeat(50_000), n: 1 });

const codings: [string, (bytes: Buffer) => Buffer][] = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['GZIP', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
  ['identity', (bytes) => bytes],
  ['gzip, deflate', (bytes) => zlib.deflateSync(zlib.gzipSync(bytes))],
  ['deflate, identity, br', (bytes) => zlib.brotliCompressSync(zlib.deflateRawSync(bytes))],
];
const broken: [string, string, Buffer][] = [
  ['truncated gzip', 'gzip', zlib.gzipSync(text).subarray(0, -9)],
  ['gzip cut before its checksum', 'gzip', zlib.gzipSync(text).subarray(0, -4)],
  ['truncated deflate', 'deflate', zlib.deflateSync(text).subarray(0, -6)],
  ['truncated raw deflate', 'deflate', zlib.deflateRawSync(text).subarray(0, -6)],
  ['truncated br', 'br', zlib.brotliCompressSync(text).subarray(0, -6)],
  ['corrupt gzip', 'gzip', withFlippedByte(zlib.gzipSync(text))],
  ['corrupt deflate', 'deflate', withFlippedByte(zlib.deflateSync(text))],
  ['plain text said to be gzip', 'gzip', Buffer.from(text)],
  ['plain text said to be br', 'br', Buffer.from(text)],
  ['an unknown coding', 'zstd', Buffer.from(text)],
  ['a known and an unknown coding', 'gzip, magic', zlib.gzipSync(text)],
];

function withFlippedByte(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = copy.length >> 1;
  copy[middle] = copy[middle]! ^ 0xff;
  return copy;
}

function answerWith(body: Buffer, coding: string, onClose = () => {}) {
  return startUpstream((_request, response, { socket }) => {
    socket.once('close', onClose);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding });
    response.end(body);
  });
}

describe.each(['json', 'stream'] as const)('responseType %s', (responseType) => {
  test.each(codings)('%s is decoded', async (coding, encode) => {
    const upstream = await answerWith(encode(Buffer.from(text)), coding);
    const { post } = await startRestAction(upstream.url, { responseType });
    const answer = await post();
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(text);
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  test('an empty body under a coding is empty', async () => {
    const upstream = await answerWith(Buffer.alloc(0), 'gzip');
    const { post } = await startRestAction(upstream.url, { responseType });
    expect(await post()).toMatchObject({ status: 200, text: '' });
  });
});

test.each(broken)('U3 %s is 502, never 200', async (_kind, coding, body) => {
  const upstream = await answerWith(body, coding);
  const { post, call } = await startRestAction(upstream.url);
  expect((await post()).json).toMatchObject({ status: 502, code: 'INVALID_RESPONSE' });
  expect((await failureOf(call())).error).toMatchObject({ status: 502, code: 'INVALID_RESPONSE' });
});

test.each(broken)('U3 a stream of %s fails, never ends well', async (_kind, coding, body) => {
  const upstream = await answerWith(body, coding);
  const { post } = await startRestAction(upstream.url, { responseType: 'stream' });
  const outcome = await post().then(
    ({ status }) => status,
    () => 'cut',
  );
  expect(['cut', 502]).toContain(outcome);
});

test.each(['json', 'stream'] as const)(
  'U4 more than five codings are refused and the connection given up (%s)',
  async (responseType) => {
    let onClose = () => {};
    const closed = new Promise<void>((resolve) => (onClose = resolve));
    let body: Buffer = Buffer.from(text);
    for (let i = 0; i < 6; i++) body = zlib.gzipSync(body);
    const upstream = await answerWith(body, Array(6).fill('gzip').join(', '), onClose);
    const { post } = await startRestAction(upstream.url, { responseType });
    expect((await post()).json).toMatchObject({ status: 502, code: 'INVALID_RESPONSE' });
    if (responseType === 'stream') await closed;
  },
);

test('limits.encodings counts what is applied, not identity', async () => {
  const upstream = await answerWith(
    zlib.gzipSync(zlib.gzipSync(text)),
    'identity, gzip, identity, gzip',
  );
  const two = await startRestAction(upstream.url, {}, { limits: { encodings: 2 } });
  const one = await startRestAction(upstream.url, {}, { limits: { encodings: 1 } });
  expect((await two.post()).text).toBe(text);
  expect((await one.post()).status).toBe(502);
});

test('the upstream is asked only for codings that are understood', async () => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url);
  await post({}, { 'accept-encoding': 'zstd, magic' });
  expect(upstream.last.headers['accept-encoding']).toBe('gzip, deflate, br');
});
