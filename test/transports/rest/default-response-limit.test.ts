import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { failureOf, startRestAction } from '../../servers/start-rest-action';
import { startUpstream } from '../../servers/start-upstream';

const MIB = 1024 * 1024;

/** An upstream whose answer is small on the wire and has 100 MiB and some bytes when decoded. */
function startLarge(more: number) {
  return startUpstream(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    const block = Buffer.alloc(MIB, 'a');
    for (let at = 0; at < 100; at++) if (!gzip.write(block)) await once(gzip, 'drain');
    gzip.end(Buffer.alloc(more, 'a'));
  });
}

test('U4: an answer of 100 MiB after decoding is read by default', async () => {
  const { url } = await startLarge(0);
  const { call } = await startRestAction(url, { responseType: 'arraybuffer' });
  expect((await call()).responseData.length).toBe(100 * MIB);
});

test.each([
  ['no options', {}],
  ['own axios options', { axiosConfig: { headers: { 'x-own': '1' } } }],
])('U4: with %s, one byte more is refused', async (_name, config) => {
  const { url } = await startLarge(1);
  const { call } = await startRestAction(url, { responseType: 'arraybuffer' }, config);
  const { error } = await failureOf(call());
  expect(error).toMatchObject({ status: 502, code: 'ERR_BAD_RESPONSE' });
});
