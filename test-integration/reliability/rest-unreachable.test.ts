import { Agent, createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { networkInterfaces } from 'node:os';
import { selfSigned } from '../../test/servers/self-signed';
import { rawHttp, startRawAnswer } from '../../test/servers/start-raw-answer';
import type { Then } from '../../test/servers/start-raw-answer';
import { startRestAction } from '../../test/servers/start-rest-action';
import { listen, startRawUpstream, startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { expectFailure } from './rest-failure';

checkLeaks();

/** A free port that nobody listens on any more. */
async function startRefusing(): Promise<string> {
  const upstream = await startUpstream();
  await upstream.close();
  return upstream.url;
}

async function startTls(): Promise<string> {
  const { port } = await listen(
    createHttpsServer(selfSigned, (_request, response) => response.end()),
  );
  return `https://127.0.0.1:${port}`;
}

const resetting = (when: 'at once' | 'asked') =>
  startRawUpstream((socket) => {
    if (when === 'at once') socket.resetAndDestroy();
    else socket.once('data', () => socket.resetAndDestroy());
  });

const toHttps = (url: string) => url.replace('http:', 'https:');

promise(
  'U1',
  'An upstream that cannot be reached is a 502 with the code of the fault.',
  (express) => {
    test.each<[string, string | RegExp, () => string | Promise<string>]>([
      ['refuses connections', 'ECONNREFUSED', startRefusing],
      // A resolver without a network says EAI_AGAIN.
      ['has no address', /^(ENOTFOUND|EAI_AGAIN)$/, () => 'http://nowhere.invalid'],
      ['resets each connection', 'ECONNRESET', async () => (await resetting('at once')).url],
      ['resets on the request', 'ECONNRESET', async () => (await resetting('asked')).url],
      ['shows a certificate that nobody trusts', 'DEPTH_ZERO_SELF_SIGNED_CERT', startTls],
      ['speaks no TLS', /^(EPROTO|ERR_SSL_\w+)$/, async () => toHttps((await startUpstream()).url)],
      [
        'resets in the TLS handshake',
        'ECONNRESET',
        async () => toHttps((await resetting('asked')).url),
      ],
    ])('one that %s: %s', async (_how, code, start) => {
      const url = await start();
      for (const method of ['GET', 'POST'] as const) {
        const action = await startRestAction(url, { method }, {}, { express });
        const { text } = await expectFailure(action, { status: 502, code });
        expect(text).not.toMatch(/127\.0\.0\.1|nowhere/);
      }
    });

    test('one whose certificate is of another name: ERR_TLS_CERT_ALTNAME_INVALID', async () => {
      const httpsAgent = new Agent({ ca: selfSigned.cert, servername: 'elsewhere.invalid' });
      const config = { axiosConfig: { httpsAgent } };
      const action = await startRestAction(await startTls(), {}, config, { express });
      await expectFailure(action, { status: 502, code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    });
  },
);

const { ok, sized, status } = rawHttp;
/** Node's client names what its parser has met; undici, for some of it, only that the answer is no use. */
const MALFORMED = /^(HPE_\w+|INVALID_RESPONSE|ECONNRESET)$/;
const many = Array.from({ length: 3000 }, (_, i) => `x-${i}: ${'v'.repeat(20)}\r\n`).join('');

promise(
  'U1',
  'An answer that is malformed or cut within its head is a 502 with a code, for buffered answers and streams alike.',
  (express) => {
    test.each<[string, string, Then, string | RegExp]>([
      ['nothing, then the end', '', 'end', 'ECONNRESET'],
      ['nothing, then a reset', '', 'reset', 'ECONNRESET'],
      ['half a status line', 'HTTP/1.', 'end', MALFORMED],
      ['half a head', ok, 'end', MALFORMED],
      ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'stay', MALFORMED],
      ['bytes', '\u0000\u00ff\u0001\u0002\r\n\r\n', 'stay', MALFORMED],
      ['a TLS alert', '\u0015\u0003\u0001\u0000\u0002\u0002\u0046', 'stay', MALFORMED],
      ['another version of HTTP', 'HTTP/7.3 200 OK\r\n\r\n{}', 'stay', MALFORMED],
      ['a status of letters', status('abc'), 'stay', MALFORMED],
      ['a header without a colon', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'stay', MALFORMED],
      ['a blank in a header name', 'HTTP/1.1 200 OK\r\nx y: 1\r\n\r\n', 'stay', MALFORMED],
      ['NUL in a header', 'HTTP/1.1 200 OK\r\nx: a\u0000b\r\n\r\n', 'stay', MALFORMED],
      ['a header of 100 KB', `${ok}x: ${'v'.repeat(100_000)}\r\n\r\n{}`, 'stay', MALFORMED],
      ['3,000 headers', `${ok}${many}\r\n{}`, 'stay', MALFORMED],
      ['two lengths', `${ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 'stay', MALFORMED],
      ['a length of letters', `${ok}content-length: two\r\n\r\n{}`, 'stay', MALFORMED],
      ['a negative length', sized(-1, '{}'), 'stay', MALFORMED],
      ['an endless length', `${ok}content-length: ${'9'.repeat(23)}\r\n\r\n{}`, 'stay', MALFORMED],
      [
        'a length and chunks',
        `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
        'stay',
        MALFORMED,
      ],
    ])('%s', async (_kind, bytes, then, code) => {
      const { url } = await startRawAnswer(bytes, then);
      for (const responseType of ['json', 'stream'] as const) {
        const action = await startRestAction(url, { responseType }, {}, { express });
        await expectFailure(action, { status: 502, code });
      }
    });
  },
);

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
const onRequest: RequestListener = ({ headers }, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ host: headers.host }));
};

promise(
  'U12',
  'http://localhost reaches a server that listens on IPv4, IPv6 or both.',
  (express) => {
    test.each([
      ['IPv4', '127.0.0.1', true],
      ['IPv6', '::1', hasIpv6],
      ['both', '::', hasIpv6],
    ] as const)('on %s (%s)', async (_kind, address, isThere) => {
      if (!isThere) return;
      const { port } = await listen(createServer(onRequest), address);
      for (const method of ['GET', 'POST'] as const) {
        const { post, call } = await startRestAction(
          `http://localhost:${port}`,
          { method },
          {},
          { express },
        );
        const host = `localhost:${port}`;
        expect(await post()).toMatchObject({ status: 200, json: { host } });
        expect(await call()).toMatchObject({ responseData: { host } });
      }
    });
  },
);
