import { startHeaderAction, ways } from './call-by';

const never: Record<string, string> = {
  connection: 'x-named, keep-alive',
  'x-named': 'client',
  'keep-alive': 'timeout=77',
  te: 'trailers',
  upgrade: 'h2c',
  'proxy-authorization': 'Basic client',
  'proxy-connection': 'client',
  'accept-encoding': 'client',
  'http2-settings': 'client',
  'grpc-timeout': '1S',
  'content-encoding': 'identity',
  host: 'evil.test',
};
/** What no HTTP client or server lets through as it is. */
const apiOnly = {
  trailer: 'x-checksum',
  'transfer-encoding': 'chunked',
  'content-length': '77',
  expect: '100-continue',
  ':authority': 'evil.test',
};

const copy = (headers: object) => ({ ...headers });
const copiers: [string, object][] = [
  ['proxyHeaders of the config', { config: { proxyHeaders: copy } }],
  ['proxyHeaders of the action', { action: { proxyHeaders: copy } }],
  ['names', { action: { proxyHeaders: Object.keys({ ...never, ...apiOnly }) } }],
  ['getAuthHeaders', { config: { getAuthHeaders: (p: any) => copy(p.requestHeaders) } }],
];

test.each(copiers.flatMap(([name, setup]) => ways.map((way) => [name, way, setup] as const)))(
  'H2: %s, by %s, copies nothing of one connection or message',
  async (_name, way, setup) => {
    const { by, sent, upstream } = await startHeaderAction(setup);
    const all = way === 'api' ? { ...never, ...apiOnly } : never;
    expect(await by(way, all)).toMatchObject({ status: 200 });
    const got = Object.keys(all).map((name) => [name, sent()[name]]);
    const made = got.filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(made)).toEqual({
      connection: 'keep-alive',
      'accept-encoding': 'gzip, deflate, br',
      host: `127.0.0.1:${upstream.port}`,
    });
  },
);

test.each(copiers.slice(0, 2))('H2: names in any case are recognised in %s', async (_n, setup) => {
  const { by, sent, upstream } = await startHeaderAction(setup);
  await by('api', {
    Connection: 'X-Named',
    'X-Named': 'client',
    Host: 'evil.test',
    TE: 'trailers',
  });
  expect(sent().host).toBe(`127.0.0.1:${upstream.port}`);
  for (const name of ['x-named', 'te']) expect(sent()).not.toHaveProperty(name);
});

test('H2: Connection takes no header away that a hook makes itself', async () => {
  const { by, sent } = await startHeaderAction({
    config: {
      proxyHeaders: () => ({ 'x-role': 'guest' }),
      getAuthHeaders: () => ({ 'x-identity': 'service' }),
    },
  });
  await by('controller', { connection: 'x-role, x-identity', 'x-role': 'admin' });
  expect(sent()).toMatchObject({ 'x-role': 'guest', 'x-identity': 'service' });
});

test('H2: what Connection names is not passed by name either', async () => {
  const { by, sent } = await startHeaderAction({ action: { proxyHeaders: ['x-wanted'] } });
  await by('controller', { connection: 'x-wanted, Origin', 'x-wanted': '1', origin: 'https://a' });
  expect(sent()).not.toHaveProperty('x-wanted');
  expect(sent()).not.toHaveProperty('origin');
});

test('H2: Content-Length is computed, whatever params says', async () => {
  const { by, upstream } = await startHeaderAction({
    action: {
      method: 'POST',
      params: (_args, headers) => ({
        body: { text: 'short' },
        headers: { ...headers, 'Content-Length': '5000', 'Transfer-Encoding': 'chunked' },
      }),
    },
  });
  expect(await by('controller')).toMatchObject({ status: 200 });
  expect(upstream.last.headers['content-length']).toBe('16');
  expect(upstream.last.json).toEqual({ text: 'short' });
});

test.each([
  ['params', { action: { params: () => ({ headers: { Host: 'virtual.test' } }) } }],
  ['axiosConfig.headers', { config: { axiosConfig: { headers: { Host: 'virtual.test' } } } }],
])('H2: %s may set Host', async (_name, setup) => {
  const { by, sent } = await startHeaderAction(setup);
  await by('controller');
  expect(sent().host).toBe('virtual.test');
});

const host = { Host: 'elsewhere.test', 'Content-Length': '9', Connection: 'close' };

test.each([
  ['ctx metadata', { metadata: host }],
  ['ctx metadata beneath params', { metadata: host, action: { params: () => ({ headers: {} }) } }],
  ['proxyHeaders', { config: { proxyHeaders: () => host } }],
  ['getAuthHeaders', { config: { getAuthHeaders: () => host } }],
])('H2: %s may not set Host, nor the framing', async (_name, setup) => {
  const { by, sent, upstream } = await startHeaderAction(setup);
  expect(await by('api')).toMatchObject({ status: 200 });
  expect(sent().host).toBe(`127.0.0.1:${upstream.port}`);
  expect(sent()).not.toHaveProperty('content-length');
  expect(sent().connection).toBe('keep-alive');
});
