import zlib from 'node:zlib';
import { startUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

const MiB = 1024 * 1024;
const bomb = zlib.gzipSync(Buffer.alloc(110 * MiB, 'a'));
const doubleBomb = zlib.gzipSync(bomb);

function answerWith(body: Buffer, coding?: string) {
  return startUpstream((_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/plain',
      ...(coding !== undefined && { 'content-encoding': coding }),
    });
    response.end(body);
  });
}

const tooLarge = { status: 502, code: 'ERR_BAD_RESPONSE' };
type Settings = [string, object, object];

const settings = (maxBytes: number): Settings[] => [
  ['limits.responseBytes', { limits: { responseBytes: maxBytes } }, {}],
  ['axiosConfig.maxContentLength', { axiosConfig: { maxContentLength: maxBytes } }, {}],
  ["the endpoint's maxContentLength", {}, { maxContentLength: maxBytes }],
  [
    'maxContentLength over limits.responseBytes',
    { limits: { responseBytes: 1 }, axiosConfig: { maxContentLength: maxBytes } },
    {},
  ],
];

async function start(url: string, [, config, axiosConfig]: Settings, responseType: any) {
  return startRestAction({ path: url, axiosConfig }, { responseType }, config);
}

describe.each(['text', 'arraybuffer'] as const)('responseType %s', (responseType) => {
  test.each(settings(1000))('%s admits a body of that size and no more', async (...setting) => {
    const fits = await answerWith(Buffer.alloc(1000, 'x'));
    const over = await answerWith(Buffer.alloc(1001, 'x'));
    const first = await start(fits.url, setting, responseType);
    const second = await start(over.url, setting, responseType);
    expect(await first.post()).toMatchObject({ status: 200, text: 'x'.repeat(1000) });
    expect((await second.post()).json).toMatchObject(tooLarge);
  });

  test.each(['gzip', 'deflate', 'br'])('U4 decoded bytes count (%s)', async (coding) => {
    const encode = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync };
    const body = encode[coding as 'gzip'](Buffer.alloc(100_000, 'x'));
    const upstream = await answerWith(body, coding);
    const { post } = await start(upstream.url, settings(50_000)[0]!, responseType);
    expect((await post()).json).toMatchObject(tooLarge);
  });
});

test.each(settings(100_000))('U4 %s cuts a stream', async (...setting) => {
  const fits = await answerWith(Buffer.alloc(100_000, 'x'));
  const over = await answerWith(zlib.gzipSync(Buffer.alloc(100_001, 'x')), 'gzip');
  const first = await start(fits.url, setting, 'stream');
  const second = await start(over.url, setting, 'stream');
  expect((await first.post()).body).toHaveLength(100_000);
  await expect(second.post()).rejects.toThrow();
});

test.each([
  ['gzip', bomb],
  ['gzip, gzip', doubleBomb],
])('U4 a bomb (%s) stops at 100 MB, also with own axios options', async (coding, body) => {
  const upstream = await answerWith(body, coding);
  const { call } = await startRestAction(upstream.url, {}, { axiosConfig: { timeout: 20_000 } });
  expect((await failureOf(call())).error).toMatchObject(tooLarge);
});

test('a negative maxContentLength means no limit, as in axios', async () => {
  const body = Buffer.alloc(2 * MiB, 'x');
  const upstream = await answerWith(zlib.gzipSync(body), 'gzip');
  const config = { limits: { responseBytes: 10 }, axiosConfig: { maxContentLength: -1 } };
  for (const responseType of ['arraybuffer', 'stream'] as const) {
    const { post } = await startRestAction(upstream.url, { responseType }, config);
    expect((await post()).body).toHaveLength(body.length);
  }
});

test('a body that never ends is given up, and its connection closed', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const feed = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.on('drain', feed);
    feed();
  });
  const { post } = await startRestAction(upstream.url, {}, { limits: { responseBytes: MiB } });
  expect((await post()).json).toMatchObject(tooLarge);
  while (upstream.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
});
