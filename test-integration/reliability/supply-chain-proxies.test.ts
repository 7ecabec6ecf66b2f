import { createServer } from 'node:http';
import { connect } from 'node:net';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startRestAction } from '../../test/servers/start-rest-action';
import { listen, sendJson, startUpstream } from '../../test/servers/start-upstream';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

const NAMES = ['http_proxy', 'https_proxy', 'all_proxy', 'grpc_proxy', 'no_proxy', 'no_grpc_proxy'];
const before = { ...process.env };
afterEach(() => void (process.env = { ...before }));

/** Sets every variable that names a proxy, in both cases of letters. */
function setProxyVariables(url: string): void {
  for (const name of NAMES) {
    const value = name.startsWith('no_') ? '' : url;
    Object.assign(process.env, { [name]: value, [name.toUpperCase()]: value });
  }
}

/** A proxy: answers requests itself, and opens tunnels to `port`. */
async function startProxy(port = 0) {
  const seen = { requests: [] as (string | undefined)[], tunnels: 0 };
  const server = createServer((request, response) => {
    seen.requests.push(request.url);
    sendJson(response, { via: 'proxy' });
  });
  server.on('connect', (_request, socket) => {
    seen.tunnels++;
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const far = connect(port, '127.0.0.1');
    for (const one of [far, socket]) one.on('error', () => undefined);
    socket.pipe(far).pipe(socket);
    socket.on('close', () => far.destroy());
  });
  const { port: own } = await listen(server);
  return { seen, port: own, url: `http://127.0.0.1:${own}` };
}

const Get = (_call: any, callback: any) => callback(null, { itemId: 'direct' });

promise('P6', 'Proxy variables of the environment are not used by default.', (express) => {
  test.each([
    ['REST', {}],
    ['REST with options of axios', { axiosConfig: { maxBodyLength: 1000 } }],
  ])('%s', async (_name, config) => {
    const [proxy, upstream] = [await startProxy(), await startUpstream()];
    setProxyVariables(proxy.url);
    const { post } = await startRestAction(upstream.url, {}, config, { express });
    expect(await post()).toMatchObject({ status: 200, json: { ok: true } });
    expect(proxy.seen).toEqual({ requests: [], tunnels: 0 });
  });

  test('gRPC', async () => {
    const upstream = await startGrpcUpstream({ Get });
    const proxy = await startProxy(upstream.port);
    setProxyVariables(proxy.url);
    const { post } = await startShopAt(upstream.address, { express });
    expect((await post('items/get')).json.itemId).toBe('direct');
    expect(proxy.seen).toEqual({ requests: [], tunnels: 0 });
  });
});

promise(
  'P6',
  'With proxyFromEnv they are used; a proxy of axiosConfig is used always.',
  (express) => {
    test('REST, proxyFromEnv', async () => {
      const proxy = await startProxy();
      setProxyVariables(proxy.url);
      const config = { proxyFromEnv: true };
      const { post } = await startRestAction('http://up.invalid', {}, config, { express });
      expect((await post()).json).toEqual({ via: 'proxy' });
      expect(proxy.seen.requests).toEqual(['http://up.invalid/run']);
    });

    test('gRPC, proxyFromEnv', async () => {
      const upstream = await startGrpcUpstream({ Get });
      const proxy = await startProxy(upstream.port);
      setProxyVariables(proxy.url);
      const config = { proxyFromEnv: true };
      const { post } = await startShopAt(upstream.address, { express, config });
      expect((await post('items/get')).json.itemId).toBe('direct');
      expect(proxy.seen.tunnels).toBe(1);
    });

    test.each(['config', 'endpoint'])('REST, axiosConfig.proxy of the %s', async (where) => {
      const [proxy, other] = [await startProxy(), await startProxy()];
      setProxyVariables(other.url);
      const axiosConfig = { proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port } };
      const isOwn = where === 'endpoint';
      const endpoint = { path: 'http://up.invalid', ...(isOwn && { axiosConfig }) };
      const config = isOwn ? {} : { axiosConfig };
      const { post } = await startRestAction(endpoint, {}, config, { express });
      expect((await post()).json).toEqual({ via: 'proxy' });
      expect(proxy.seen.requests).toEqual(['http://up.invalid/run']);
      expect(other.seen.requests).toEqual([]);
    });
  },
);
