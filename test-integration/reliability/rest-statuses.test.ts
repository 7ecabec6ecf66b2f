import { rawHttp, startRawAnswer } from '../../test/servers/start-raw-answer';
import { startRestAction } from '../../test/servers/start-rest-action';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { expectFailure } from './rest-failure';

checkLeaks();

const MALFORMED = /^(INVALID_RESPONSE|ECONNRESET|HPE_\w+)$/;
const TYPES = ['json', 'stream'] as const;
const upgrade = 'HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n';

promise('U6', 'A 304, a 1xx or a status out of range is a 502.', (express) => {
  test.each([
    ...['000', '001', '099', '304', '600', '999', '1000', '20', '-200', '2e2'].map((status) => [
      status,
      rawHttp.status(status),
    ]),
    ['304 without a length', 'HTTP/1.1 304 Not Modified\r\n\r\n'],
    ['100 and no more', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['102 and no more', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103 and no more', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['101 without an upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['101 that nobody has asked for', upgrade],
    ['101 with an answer behind', upgrade + rawHttp.sized(2, '{}')],
  ] as [string, string][])('%s', async (_status, bytes) => {
    const { url } = await startRawAnswer(bytes, 'end');
    for (const method of ['GET', 'POST'] as const) {
      for (const responseType of TYPES) {
        const definition = { method, responseType };
        const action = await startRestAction(url, definition, {}, { express });
        await expectFailure(action, { status: 502, code: MALFORMED });
      }
    }
  });
});

promise('U6', 'The answer behind informational ones is the answer.', (express) => {
  test.each([
    ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['103', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'],
    ['102, 103, 100', [102, 103, 100].map((status) => `HTTP/1.1 ${status} X\r\n\r\n`).join('')],
    ['a thousand', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)],
  ])('%s', async (_kind, before) => {
    const { url } = await startRawAnswer(before + rawHttp.sized(7, '{"a":1}'), 'stay');
    for (const method of ['GET', 'POST'] as const) {
      const { post } = await startRestAction(url, { method }, {}, { express });
      for (const _time of [1, 2])
        expect(await post()).toMatchObject({ status: 200, json: { a: 1 } });
    }
  });
});

promise('U6', 'A 3xx that is not followed is a 502 UNEXPECTED_REDIRECT.', (express) => {
  const location = 'location: /next\r\n';
  test.each([
    ['300 with a place', 'POST', `HTTP/1.1 300 X\r\n${location}`],
    ['301 of a POST', 'POST', `HTTP/1.1 301 X\r\n${location}`],
    ['302 without a place', 'GET', 'HTTP/1.1 302 X\r\n'],
    ['303 of a PUT', 'PUT', `HTTP/1.1 303 X\r\n${location}`],
    ['305', 'GET', 'HTTP/1.1 305 X\r\n'],
    ['399', 'GET', 'HTTP/1.1 399 X\r\n'],
    ['302 for ever', 'GET', 'HTTP/1.1 302 X\r\nlocation: /run\r\n'],
  ] as const)('%s', async (_kind, method, head) => {
    const { url } = await startRawAnswer(`${head}content-length: 0\r\n\r\n`, 'stay');
    for (const responseType of TYPES) {
      const action = await startRestAction(url, { method, responseType }, {}, { express });
      await expectFailure(action, { status: 502, code: 'UNEXPECTED_REDIRECT' });
    }
  });
});

promise('U6', 'A 204 is an empty answer.', (express) => {
  test.each([
    ['bare', '\r\n'],
    ['with a type', 'content-type: application/json\r\n\r\n'],
    ['with a coding', 'content-encoding: gzip\r\n\r\n'],
    ['with a length', 'content-length: 2\r\n\r\n'],
    ['with a body', 'content-type: application/json\r\ncontent-length: 2\r\n\r\n{}'],
    ['with chunks', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
  ])('%s', async (_kind, rest) => {
    const { url } = await startRawAnswer(`HTTP/1.1 204 No Content\r\n${rest}`, 'stay');
    for (const responseType of ['json', 'text', 'arraybuffer', 'stream'] as const) {
      const { post, call } = await startRestAction(url, { responseType }, {}, { express });
      for (const _time of [1, 2]) {
        expect(await post()).toMatchObject({ status: 200, text: '' });
        expect((await call()).responseData).toBeUndefined();
      }
    }
  });
});
