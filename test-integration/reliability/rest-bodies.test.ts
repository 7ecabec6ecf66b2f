import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { rawHttp, startRawAnswer } from '../../test/servers/start-raw-answer';
import type { Then } from '../../test/servers/start-raw-answer';
import { startRestAction } from '../../test/servers/start-rest-action';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';
import { expectFailure } from './rest-failure';

checkLeaks();

const { ok, chunked, sized } = rawHttp;
const text = '{"a":1}';
const closing = `${ok}connection: close\r\n`;
const inChunks = 'transfer-encoding: chunked\r\n\r\n';

type Answer = [string, string | Buffer, Then];

const broken: Answer[] = [
  ['is cut short', sized(100, text), 'end'],
  ['is cut by a reset', sized(100, text), 'reset'],
  ['does not come', sized(100, ''), 'end'],
  ['ends with a reset where the connection was to end it', `${closing}\r\n${text}`, 'reset'],
  ['is longer than declared', sized(7, `${text}more`), 'stay'],
  ['is followed by a second answer', sized(7, text) + sized(7, text), 'stay'],
  [
    'is longer than declared, and the last',
    `${closing}content-length: 7\r\n\r\n${text}more`,
    'end',
  ],
  ['has no last chunk', `${chunked}7\r\n${text}\r\n`, 'end'],
  ['has no last chunk, and the connection closes', `${closing}${inChunks}7\r\n${text}\r\n`, 'end'],
  ['has no end behind the last chunk', `${chunked}7\r\n${text}\r\n0\r\n`, 'end'],
  ['is cut within a chunk', `${chunked}ff\r\n${text}`, 'end'],
  ['has a chunk size of letters', `${chunked}zz\r\n${text}\r\n0\r\n\r\n`, 'stay'],
  ['has a negative chunk size', `${chunked}-7\r\n${text}\r\n0\r\n\r\n`, 'stay'],
  ['has an endless chunk size', `${chunked}${'f'.repeat(17)}\r\n${text}`, 'stay'],
  ['has a broken chunk extension', `${chunked}7;\u0000\r\n${text}\r\n0\r\n\r\n`, 'stay'],
  ['has a chunk longer than its size', `${chunked}6\r\n${text}\r\n0\r\n\r\n`, 'stay'],
  ['breaks after a good chunk', `${chunked}7\r\n${text}\r\nzz\r\n`, 'stay'],
  ['has bytes behind its last chunk', `${chunked}7\r\n${text}\r\n0\r\n\r\nmore`, 'stay'],
  ['has endless trailers', `${chunked}7\r\n${text}\r\n0\r\n${'x: y\r\n'.repeat(20_000)}`, 'stay'],
  ['is in a transfer coding', `${ok}transfer-encoding: gzip\r\n\r\n${text}`, 'end'],
];

function coded(coding: string, bytes: Buffer): Buffer {
  const length = `content-length: ${bytes.length}`;
  return Buffer.concat([
    Buffer.from(`${ok}content-encoding: ${coding}\r\n${length}\r\n\r\n`),
    bytes,
  ]);
}

function flip(bytes: Buffer): Buffer {
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 0xff;
  return bytes;
}

const behind = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('more')]);
const words = JSON.stringify('word '.repeat(100));

const corrupt: Answer[] = [
  ['is gzip cut short', coded('gzip', gzipSync(words).subarray(0, -9)), 'stay'],
  ['is gzip without its checksum', coded('gzip', gzipSync(words).subarray(0, -4)), 'stay'],
  ['is deflate cut short', coded('deflate', deflateSync(words).subarray(0, -6)), 'stay'],
  ['is brotli cut short', coded('br', brotliCompressSync(words).subarray(0, -3)), 'stay'],
  ['is gzip with a flipped byte', coded('gzip', flip(gzipSync(words))), 'stay'],
  ['is deflate with a flipped byte', coded('deflate', flip(deflateSync(words))), 'stay'],
  ['has bytes behind its gzip', coded('gzip', behind(gzipSync(words))), 'stay'],
  ['has bytes behind its deflate', coded('deflate', behind(deflateSync(words))), 'stay'],
  ['has bytes behind its brotli', coded('br', behind(brotliCompressSync(words))), 'stay'],
  ['is text said to be gzip', coded('gzip', Buffer.from(words)), 'stay'],
  ['is gzip once, said to be twice', coded('gzip, gzip', gzipSync(words)), 'stay'],
  ['is in an unknown coding', coded('magic', Buffer.from(words)), 'stay'],
];

const CUT_OR_CORRUPT = /^(ECONNRESET|INVALID_RESPONSE|HPE_\w+)$/;

promise(
  'U3',
  'A body that is cut short, longer than declared, or truncated or corrupt in its encoding is a 502, never a 200.',
  (express) => {
    test.each([...broken, ...corrupt])('a body that %s', async (_how, bytes, then) => {
      const { url } = await startRawAnswer(bytes, then);
      for (const responseType of ['json', 'text', 'arraybuffer'] as const) {
        const action = await startRestAction(url, { responseType }, {}, { express });
        await expectFailure(action, { status: 502, code: CUT_OR_CORRUPT });
      }
    });
  },
);

promise('U3', 'A stream of such a body is a 502 or is cut; it never ends well.', (express) => {
  test.each([...broken, ...corrupt])('a stream that %s', async (_how, bytes, then) => {
    const { url } = await startRawAnswer(bytes, then);
    const action = await startRestAction(url, { responseType: 'stream' }, {}, { express });
    const outcome = await action.post().then(
      ({ status }) => status,
      () => 'cut',
    );
    expect(['cut', 502]).toContain(outcome);
    const reading = action.call().then(({ responseData }) => responseData.toArray());
    await expect(reading).rejects.toThrow();
  });
});

const start = (body: string, express: ExpressVersion, definition = {}) =>
  startRawAnswer(sized(Buffer.byteLength(body), body), 'stay').then(({ url }) =>
    startRestAction(url, definition, {}, { express }),
  );

const noJson = ['oops', '{"a":', '{"a":1', '[1,2', '{"a":1}]', '"text', '{', '}', '<html></html>'];

promise(
  'U3',
  'Invalid JSON under a JSON type is a 502 INVALID_RESPONSE; JSON that nobody reads on its way is checked for being complete.',
  (express) => {
    test.each(noJson)('%s', async (body) => {
      for (const definition of [{}, { transformResponseData: (data: unknown) => data }]) {
        const action = await start(body, express, definition);
        const answer = await expectFailure(action, { status: 502, code: 'INVALID_RESPONSE' });
        if (body.length > 1) expect(answer.text).not.toContain(body);
      }
    });

    test('what is broken within is seen by whoever reads it', async () => {
      const action = await start('{"a":}', express, { transformResponseData: () => 1 });
      await expectFailure(action, { status: 502, code: 'INVALID_RESPONSE' });
      const untouched = await start('{"a":}', express);
      expect(await untouched.post()).toMatchObject({ status: 200, text: '{"a":}' });
    });
  },
);

promise(
  'U10',
  'A broken body under a status 200 is a failure for every hook and for the caller.',
  (express) => {
    test.each<Answer>([
      ['is longer than declared', sized(7, `${text}more`), 'stay'],
      ['is corrupt gzip', coded('gzip', Buffer.from(words)), 'stay'],
      ['is no JSON', sized(4, 'oops'), 'stay'],
      ['is cut short', sized(9, text), 'end'],
    ])('a body that %s', async (_how, bytes, then) => {
      const { url } = await startRawAnswer(bytes, then);
      const onSuccess = jest.fn((data: unknown) => data);
      const seen: unknown[] = [];
      const errorCallback = (error: Error & { response?: { status: number } }) => {
        seen.push(error.response?.status);
        throw error;
      };
      const sendStats = jest.fn();
      const watching = { axiosInterceptors: { response: [{ errorCallback }] } };
      for (const config of [{}, watching] as object[]) {
        const action = await startRestAction(
          url,
          {
            transformResponseData: onSuccess,
            transformResponseError: () => onSuccess(undefined) as object,
          },
          { ...config, sendStats },
          { express },
        );
        await expectFailure(action, { status: 502, code: CUT_OR_CORRUPT });
      }
      expect(onSuccess).not.toHaveBeenCalled();
      expect(seen).toHaveLength(2);
      expect(sendStats.mock.calls.map(([{ restStatus }]) => restStatus)).toEqual(
        Array(4).fill(502),
      );
    });
  },
);
