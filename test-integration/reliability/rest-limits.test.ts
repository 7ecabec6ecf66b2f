import { once } from 'node:events';
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise, promiseOnce } from './promise';
import { expectFailure } from './rest-failure';

checkLeaks();

const MIB = 1024 * 1024;
const TYPES = ['text', 'arraybuffer', 'stream'] as const;
const tooLarge = { status: 502, code: 'ERR_BAD_RESPONSE' };

function answerWith(body: Buffer, coding?: string) {
  const encoding = coding === undefined ? {} : { 'content-encoding': coding };
  return startUpstream((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain', ...encoding }).end(body),
  );
}

/** Small on the wire, 100 MiB and some bytes when decoded. */
function startLarge(more: number) {
  return startUpstream(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    response.once('close', () => gzip.destroy());
    const block = Buffer.alloc(MIB, 'a');
    for (let at = 0; at < 100; at++) if (!gzip.write(block)) await once(gzip, 'drain');
    gzip.end(Buffer.alloc(more, 'a'));
  });
}

/** How many bytes came, or why they did not. */
async function readThrough({ call }: { call: () => Promise<any> }): Promise<unknown> {
  try {
    const { responseData } = await call();
    let bytes = 0;
    for await (const piece of Buffer.isBuffer(responseData) ? [responseData] : responseData) {
      bytes += piece.length;
    }
    return bytes;
  } catch (failure) {
    return (failure as { error?: { code: string } }).error?.code ?? (failure as any).code;
  }
}

promiseOnce(
  'U4',
  'An answer has at most 100 MiB by default, counted on decoded bytes, also as a stream and with own axios options.',
  () => {
    test.each(['arraybuffer', 'stream'] as const)('%s', async (responseType) => {
      const fits = await startLarge(0);
      const over = await startLarge(1);
      expect(await readThrough(await startRestAction(fits.url, { responseType }))).toBe(100 * MIB);
      const own = { axiosConfig: { headers: { 'x-own': '1' } } };
      const action = await startRestAction(over.url, { responseType }, own);
      expect(await readThrough(action)).toBe('ERR_BAD_RESPONSE');
    });
  },
);

const encode: Record<string, (bytes: Buffer) => Buffer> = {
  identity: (bytes) => bytes,
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};
const configs = [
  ['limits.responseBytes', { limits: { responseBytes: 1000 } }, {}],
  ['axiosConfig.maxContentLength', { axiosConfig: { maxContentLength: 1000 } }, {}],
  ["the endpoint's maxContentLength", {}, { maxContentLength: 1000 }],
  ['the former, with more of axios', { axiosConfig: { maxContentLength: 1000, maxRate: 1e9 } }, {}],
] as const;

promise(
  'U4',
  'A configured limit admits that many decoded bytes and no more, and the connection is given up.',
  (express) => {
    test.each(configs)('%s', async (_name, config, axiosConfig) => {
      for (const [coding, toCoding] of Object.entries(encode)) {
        const fits = await answerWith(toCoding(Buffer.alloc(1000, 'x')), coding);
        const over = await answerWith(toCoding(Buffer.alloc(1001, 'x')), coding);
        for (const responseType of TYPES) {
          const start = (path: string) =>
            startRestAction({ path, axiosConfig }, { responseType }, config, { express });
          expect((await (await start(fits.url)).post()).text).toBe('x'.repeat(1000));
          const refusing = await start(over.url);
          // A stream fails when it is read: the controller reads its beginning before it answers.
          if (responseType !== 'stream') await expectFailure(refusing, tooLarge);
          else expect((await refusing.post()).json).toMatchObject(tooLarge);
        }
      }
    });

    test('an endless answer is left', async () => {
      const upstream = await startUpstream((_request, response) => {
        const feed = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', feed).writeHead(200, { 'content-type': 'text/plain' });
        feed();
      });
      const config = { limits: { responseBytes: MIB } };
      await expectFailure(await startRestAction(upstream.url, {}, config, { express }), tooLarge);
    });
  },
);

promise('U4', 'A bomb of compressed bytes is a 502 without being blown up.', (express) => {
  const bomb = gzipSync(Buffer.alloc(64 * MIB, 'a'));
  test.each([
    ['once', 'gzip', bomb],
    ['in a second coding', 'gzip, gzip', gzipSync(bomb)],
    ['in two kinds', 'gzip, br', brotliCompressSync(bomb)],
  ])('compressed %s', async (_how, coding, body) => {
    const { url } = await answerWith(body, coding);
    const config = { limits: { responseBytes: MIB } };
    await expectFailure(await startRestAction(url, {}, config, { express }), tooLarge);
    const stream = await startRestAction(url, { responseType: 'stream' }, config, { express });
    expect(await readThrough(stream)).toBe('ERR_BAD_RESPONSE');
  });
});

promise('U4', 'At most five content codings are undone; more are a 502.', (express) => {
  const times = (count: number) => {
    let body: Buffer = Buffer.from('words');
    for (let at = 0; at < count; at++) body = gzipSync(body);
    return answerWith(body, Array(count).fill('gzip').join(', '));
  };
  test.each(['text', 'stream'] as const)('%s', async (responseType) => {
    const five = await startRestAction((await times(5)).url, { responseType }, {}, { express });
    expect(await five.post()).toMatchObject({ status: 200, text: 'words' });
    const six = await startRestAction((await times(6)).url, { responseType }, {}, { express });
    await expectFailure(six, { status: 502, code: 'INVALID_RESPONSE' });
  });
});
