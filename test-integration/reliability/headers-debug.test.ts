import { startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { CASES, debugOnly, startDebug } from './start-debug';

checkLeaks();

const long = `12345${'я'.repeat(5000)}`;
const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`x-long-${at}`, long]));

promise(
  'H5',
  'A debug header has at most 2 KB, all of them together 8 KB, whatever goes in; those that still fit are there.',
  (express) => {
    test.each(CASES)('%s, failing: %s', async (kind, isFailing) => {
      const read = await startDebug(express, {
        isFailing,
        definition: { path: () => `/${'p'.repeat(5000)}` },
        config: { proxyDebugHeaders: () => ({ ...many, 'x-short': 'fits' }) },
        trailer: { 'x-trailing': 'a'.repeat(5000) },
      });
      for (const headers of await read(kind, {}, { note: 'n'.repeat(5000) })) {
        const sizes = debugOnly(headers).map(([, value]) => value.length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(2048);
        expect(Math.max(...sizes)).toBeGreaterThan(2000);
        expect(debugOnly(headers).flat().join('').length).toBeLessThanOrEqual(8192);
        expect(headers).toMatchObject({
          'x-short': 'fits',
          'x-gateway-version': expect.any(String),
        });
        expect(long).toContain(decodeURIComponent(headers['x-long-0'] ?? '-'));
      }
    });
  },
);

promise('H5', 'Debug headers are printable ASCII: all else is percent-encoded.', (express) => {
  test.each(CASES)('%s, failing: %s', async (kind, isFailing) => {
    const texts = {
      'x-lines': 'a\r\nx-injected: 1\0',
      'x-text': 'я\ud800',
      'x-tab': '\t',
      'x-latin': 'caf\u00e9',
    };
    const read = await startDebug(express, {
      isFailing,
      definition: { path: () => '/я' },
      config: { proxyDebugHeaders: () => texts },
    });
    for (const headers of await read(kind, {}, { note: 'я\r\n' })) {
      expect(headers).toMatchObject({
        'x-lines': 'a%0D%0Ax-injected: 1%00',
        'x-text': '%D1%8F%EF%BF%BD',
        'x-tab': '%09',
        'x-latin': 'caf%C3%A9',
      });
      for (const [, value] of debugOnly(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
    }
  });
});

const secret = 's3cret';
const credentials = {
  authorization: secret,
  cookie: `sid=${secret}`,
  'proxy-authorization': secret,
  'x-api-key': secret,
  'x-session-token': secret,
  'x-login-ticket': secret,
};
const names = [...Object.keys(credentials), 'x-own-auth'];

promise(
  'H5',
  'Debug headers show no credentials: neither of headers, trailing metadata, query, body or endpoint, nor what auth hooks have made.',
  (express) => {
    test.each(CASES)('%s, failing: %s', async (kind, isFailing) => {
      for (const proxyDebugHeaders of [names, (headers: object) => headers]) {
        const read = await startDebug(express, {
          isFailing,
          definition: {
            proxyHeaders: (headers: object) => headers,
            getAuthHeaders: () => ({ 'X-Own-Auth': secret }),
            path: () => `/a?access_token=${secret}&page=2`,
            params: () => ({ body: { note: `{"password":"${secret}"}`, password: secret } }),
          },
          config: { proxyDebugHeaders: proxyDebugHeaders as never },
          trailer: { 'session-token': secret, 'set-cookie': secret, 'x-own-auth': secret },
        });
        for (const headers of await read(kind, credentials)) {
          expect(headers).toMatchObject({ 'x-api-request-body': expect.any(String) });
          expect(JSON.stringify(headers)).not.toContain(secret);
        }
      }
    });

    test('userinfo of an endpoint', async () => {
      const { url } = await startUpstream();
      const endpoint = url.replace('//', `//user:${secret}@`);
      const config = { withDebugHeaders: true };
      const { post } = await startRestAction(endpoint, {}, config, { express });
      const { status, headers } = await post();
      expect({ status, headers }).toMatchObject({
        status: 200,
        headers: { 'x-api-request-endpoint': url, 'x-api-request-url': `${url}/run` },
      });
    });
  },
);

const impossible = {
  'x bad': '1',
  'x\r\nbad': '1',
  имя: '1',
  '': '1',
  __proto__: '1',
  'x-object': { a: 1 },
  'x-function': () => 1,
  'x-symbol': Symbol('a'),
  'x-null': null,
  'content-length': '5',
  'content-encoding': 'gzip',
  'transfer-encoding': 'chunked',
  connection: 'close',
  trailer: 'x',
};

promise(
  'H5',
  'A debug header that cannot be set, or that would change how the answer is read, is skipped; the answer and the other headers are there.',
  (express) => {
    test.each(CASES)('%s, failing: %s', async (kind, isFailing) => {
      const proxyDebugHeaders = (): any => ({ ...impossible, 'x-fine': 'yes', 'x-number': 5 });
      const read = await startDebug(express, { isFailing, config: { proxyDebugHeaders } });
      for (const headers of await read(kind)) {
        expect(headers).toMatchObject({ 'x-fine': 'yes', 'x-number': '5' });
        for (const [name, value] of Object.entries(impossible)) {
          if (name !== 'connection') expect(headers[name]).not.toEqual(value);
        }
        const shown = debugOnly(headers).map(([name]) => name);
        expect(shown.filter((name) => !/^[a-z-]+$/.test(name))).toEqual([]);
        for (const name of ['x-object', 'x-function', 'x-symbol', 'x-null']) {
          expect(headers).not.toHaveProperty(name);
        }
      }
    });
  },
);
