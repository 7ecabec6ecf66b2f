import type { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync } from 'node:zlib';
import { rawHttp, startRawAnswer } from '../servers/start-raw-answer';
import type { Then } from '../servers/start-raw-answer';
import { failureOf, startRestAction } from '../servers/start-rest-action';

const { ok } = rawHttp;
const text = '{"a":1}';

const coded = (coding: string, bytes: Buffer) =>
  `${ok}content-encoding: ${coding}\r\ncontent-length: ${bytes.length + 4}\r\n\r\n${bytes.toString('latin1')}more`;
const moved = (coding: string) =>
  `${ok}transfer-encoding: ${coding}\r\n\r\n7\r\n${text}\r\n0\r\n\r\n`;

test.each<[string, string, Then]>([
  ['ends with a reset where its connection was to end it', `${ok}\r\n${text}`, 'reset'],
  ['does so on a connection that closes', `${ok}connection: close\r\n\r\n${text}`, 'reset'],
  [
    'is longer than declared on a connection that closes',
    `${ok}connection: close\r\ncontent-length: 7\r\n\r\n${text}more`,
    'end',
  ],
  [
    'has bytes behind its last chunk on a connection that closes',
    `${ok}connection: close\r\ntransfer-encoding: chunked\r\n\r\n7\r\n${text}\r\n0\r\n\r\nmore`,
    'end',
  ],
  ['has bytes behind its deflate', coded('deflate', deflateSync(text)), 'stay'],
  ['has bytes behind its raw deflate', coded('deflate', deflateRawSync(text)), 'stay'],
  ['has bytes behind its brotli', coded('br', brotliCompressSync(text)), 'stay'],
  ['is in a transfer coding that nobody asked for', moved('gzip, chunked'), 'end'],
  ['is in chunks in a coding', moved('chunked, gzip'), 'end'],
  ['is in an unknown transfer coding', moved('xchunked'), 'end'],
])('U3: a body that %s is no success', async (_how, bytes, then) => {
  const { url } = await startRawAnswer(bytes, then);
  for (const responseType of ['json', 'text', 'arraybuffer'] as const) {
    const { call } = await startRestAction(url, { responseType });
    const { error } = await failureOf(call());
    expect(error.status).toBe(502);
    expect(error.code).toMatch(/^(ECONNRESET|INVALID_RESPONSE)$/);
  }
  const { call } = await startRestAction(url, { responseType: 'stream' });
  const reading = call().then(({ responseData }: { responseData: Readable }) =>
    responseData.toArray(),
  );
  await expect(reading).rejects.toThrow();
});

test.each([
  ['bytes', 'content-length: 2\r\n\r\n{}'],
  ['the length of none', 'content-length: 2\r\n\r\n'],
  ['chunks', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
])('U6: a 204 with %s is an empty answer, and does not touch the next', async (_kind, rest) => {
  const { url } = await startRawAnswer(`HTTP/1.1 204 X\r\n${rest}`, 'stay');
  const { call } = await startRestAction(url);
  for (const _time of [1, 2, 3]) expect((await call()).responseData).toBeUndefined();
});
