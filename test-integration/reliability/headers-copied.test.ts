import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { PATHS, startKinds } from './start-kinds';
import type { KindsOptions } from './start-kinds';

checkLeaks();

/** Values that nothing else would send. */
const BY_BROWSER: Record<string, string> = {
  connection: 'X-Named, keep-alive',
  'x-named': 'client',
  'keep-alive': 'timeout=77',
  te: 'trailers',
  upgrade: 'h2c',
  'proxy-authorization': 'Basic client',
  'proxy-authenticate': 'client',
  'proxy-connection': 'client',
  'proxy-own': 'client',
  'accept-encoding': 'x-client',
  'http2-settings': 'client',
  'grpc-timeout': '1n',
  'grpc-encoding': 'client',
  'grpc-own': 'client',
  host: 'client.invalid',
};
/** Those that no HTTP client or server lets through as they are. */
const ANY = {
  ...BY_BROWSER,
  trailer: 'x-client',
  'transfer-encoding': 'chunked, client',
  'content-length': '77',
  expect: '100-continue',
  ':authority': 'client.invalid',
  ':path': '/client',
};
const inAnyCase = Object.fromEntries(
  Object.entries(ANY).map(([name, value]) => [name.toUpperCase(), value]),
);

const copy = (headers: object) => ({ ...headers });
const names = Object.keys(ANY);
const COPIERS: [string, KindsOptions][] = [
  ['nothing', {}],
  ['proxyHeaders of the action', { definition: { proxyHeaders: copy } }],
  ['proxyHeaders of the config', { config: { proxyHeaders: copy } }],
  ['names of the action', { definition: { proxyHeaders: names } }],
  ['names of the config', { config: { proxyHeaders: names } }],
  [
    'getAuthHeaders',
    { config: { getAuthHeaders: ({ requestHeaders }: any) => copy(requestHeaders) } },
  ],
  ['params', { definition: { params: (body: object, headers: object) => ({ body, headers }) } }],
];

promise(
  'H2',
  'Connection and what it names, keep-alive, te, trailer, transfer-encoding, upgrade, proxy-*, content-length, accept-encoding, host, expect, http2-settings, grpc-* and names that begin with `:` are never copied from the client, nor from a hook that copies, in any letter case.',
  (express) => {
    test.each(COPIERS)('copied by %s', async (_copier, options) => {
      const { send, http } = await startKinds(express, options);
      const ofGateway = {
        host: `127.0.0.1:${http.port}`,
        connection: 'keep-alive',
        'content-length': expect.stringMatching(/^[02]$/),
        'accept-encoding': 'gzip, deflate, br',
      };
      for (const path of PATHS) {
        for (const headers of path[1] === 'api' ? [ANY, inAnyCase] : [BY_BROWSER]) {
          const { status, sent = {} } = await send(path, headers);
          const seen = Object.entries(sent).filter(([name]) => names.includes(name));
          expect(status).toBe(200);
          expect(Object.fromEntries(seen)).toEqual(path[0] === 'rest' ? ofGateway : {});
        }
      }
    });

    test('Connection takes nothing away that a hook makes itself', async () => {
      const getAuthHeaders = () => ({ 'x-identity': 'service' });
      const proxyHeaders = () => ({ 'x-role': 'guest' });
      const { send } = await startKinds(express, { config: { getAuthHeaders, proxyHeaders } });
      const headers = { connection: 'x-identity, x-role', 'x-identity': 'me', 'x-role': 'admin' };
      for (const path of PATHS) {
        const sent = { 'x-identity': 'service', 'x-role': 'guest' };
        expect(await send(path, headers)).toMatchObject({ status: 200, sent });
      }
    });
  },
);

const wrong = { 'Content-Length': '5000', 'Transfer-Encoding': 'chunked', Connection: 'close' };

promise('H2', 'Content-Length is computed, whatever client and hooks say.', (express) => {
  test.each<[string, object]>([
    ['params', { params: () => ({ body: { itemId: 'x' }, headers: wrong }) }],
    ['proxyHeaders', { params: () => ({ body: { itemId: 'x' } }), proxyHeaders: () => wrong }],
    ['getAuthHeaders', { params: () => ({ body: { itemId: 'x' } }), getAuthHeaders: () => wrong }],
  ])('%s', async (_hook, definition) => {
    const { send, http, echo } = await startKinds(express, { definition });
    for (const path of PATHS) {
      expect(await send(path, {}, { name: 'much longer than what is sent' })).toMatchObject({
        status: 200,
      });
    }
    expect(http.last.headers).toMatchObject({ 'content-length': '14', connection: 'keep-alive' });
    expect(http.last.headers).not.toHaveProperty('transfer-encoding');
    expect(http.last.json).toEqual({ itemId: 'x' });
    expect(echo.last.request).toMatchObject({ itemId: 'x' });
  });
});

const host = { Host: 'virtual.invalid' };

promise(
  'H2',
  "Host is the endpoint's, unless `params` or `axiosConfig.headers` set it; the authority of gRPC is the endpoint's.",
  (express) => {
    test.each<[string, KindsOptions, string | undefined]>([
      ['params', { definition: { params: () => ({ headers: host }) } }, host.Host],
      ['axiosConfig.headers', { config: { axiosConfig: { headers: host } } }, host.Host],
      ['proxyHeaders', { config: { proxyHeaders: () => host } }, undefined],
      ['getAuthHeaders', { config: { getAuthHeaders: () => host } }, undefined],
      ['the client', { definition: { proxyHeaders: ['host'] } }, undefined],
    ])('set by %s', async (_by, options, expected) => {
      const { send, http, echo, address } = await startKinds(express, options);
      for (const path of PATHS) expect(await send(path, host)).toMatchObject({ status: 200 });
      const hosts = http.requests.map(({ headers }) => headers.host);
      expect(new Set(hosts)).toEqual(new Set([expected ?? `127.0.0.1:${http.port}`]));
      expect(new Set(echo.calls.map((call: any) => call.getHost()))).toEqual(new Set([address]));
    });
  },
);
