import { rawHttp, startRawAnswer } from '../servers/start-raw-answer';
import { failureOf, startRestAction } from '../servers/start-rest-action';

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n'],
  ['a status below 100', rawHttp.status('099')],
  ['a bad chunk size', `${rawHttp.chunked}zz\r\n{}\r\n0\r\n\r\n`],
])('U1: the code of a failure tells %s from a fault of the gateway', async (_kind, bytes) => {
  const upstream = await startRawAnswer(bytes);
  const { call } = await startRestAction(upstream.url);
  const { error } = await failureOf(call());
  expect(error.status).toBe(502);
  expect(error.code).toMatch(/^(INVALID_RESPONSE|ECONNRESET|HPE_\w+)$/);
});
