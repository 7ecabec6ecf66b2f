import { rawHttp, startRawAnswer } from '../servers/start-raw-answer';
import { failureOf, startRestAction } from '../servers/start-rest-action';

test('U8: of the error body of an arraybuffer action no more than 64 KB are waited for', async () => {
  const head = rawHttp.chunked.replace('200 OK', '500 X');
  const { url } = await startRawAnswer(`${head}ffffff\r\n${'x'.repeat(200_000)}`, 'stay');
  const { call } = await startRestAction(url, { responseType: 'arraybuffer', timeout: 5000 });
  expect((await failureOf(call())).error).toMatchObject({ status: 500 });
});
