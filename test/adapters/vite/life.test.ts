import { gatewayPlugin } from '../../../lib';
import type { GatewayPluginOptions } from '../../../lib';
import { eventually } from '../../servers/eventually';
import { startUpstream } from '../../servers/start-upstream';
import { createMiddlewares, startPreview, startVite } from '../../servers/start-vite';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

type Options = GatewayPluginOptions<any, any, any, any>;

async function pluginOver(more: Partial<Options> = {}) {
  const upstream = await startUpstream();
  const get = { method: 'GET', path: '/' } as const;
  const schemas = { root: { s: { endpoints: upstream.url, actions: { get } } } };
  return { upstream, plugin: gatewayPlugin({ schemas, ...more }) };
}

const ask = (url: string) => fetch(`${url}/gateway/s/get`).then((answer) => answer.json());

test.each([
  ['the dev server', startVite],
  ['vite preview', startPreview],
])('connections to backends are closed with %s', async (_name, start) => {
  const { upstream, plugin } = await pluginOver();
  const { server, url } = await start(plugin);
  expect(await ask(url)).toEqual({ ok: true });
  expect(upstream.sockets.size).toBe(1);
  await server.close();
  await eventually(() => upstream.sockets.size === 0);
});

test('they are closed with a dev server that is a middleware', async () => {
  const { upstream, plugin } = await pluginOver();
  const server = await createMiddlewares(plugin);
  const { server: outer, url } = await startVite({
    ...plugin,
    configureServer: (host) => void host.middlewares.use(server.middlewares),
  });
  expect(await ask(url)).toEqual({ ok: true });
  await server.close();
  await eventually(() => upstream.sockets.size === 0);
  await outer.close();
});

test('a restart closes the gateway of the server that ends, not the one that begins', async () => {
  const { upstream, plugin } = await pluginOver();
  const { server, url } = await startVite(plugin, { server: { strictPort: true } });
  expect(await ask(url)).toEqual({ ok: true });
  await server.restart();
  await eventually(() => upstream.sockets.size === 0);
  const port = new URL(server.resolvedUrls!.local[0]!).port;
  expect(await ask(`http://127.0.0.1:${port}`)).toEqual({ ok: true });
});

const broken: [string, Partial<Options>, RegExp][] = [
  [
    'schema',
    { schemas: { root: { s: { actions: { get: { method: 'GETT', path: '/' } } } } } },
    /root\.s\.get/,
  ],
  ['service', { schemas: { root: { s: {} } } as never }, /root\.s/],
  ['config', { config: { timeout: -1 } }, /config\.timeout/],
  ['mock', { mocks: { root: { s: { got: 1 } } } }, /mocks\.root\.s\.got/],
];

describe.each([
  ['the dev server', startVite],
  ['vite preview', startPreview],
])('%s', (_name, start) => {
  test.each(broken)(
    'does not start with a broken %s, and says where',
    async (_what, more, text) => {
      const { plugin } = await pluginOver(more);
      await expect(start(plugin)).rejects.toThrow(text);
    },
  );
});

test.each<[string, object | undefined]>([
  ['the options must be an object', undefined],
  ['schemas must be', {}],
  ['prefix must be a path', { schemas: {}, prefix: '' }],
  ['prefix must be a path', { schemas: {}, prefix: '/' }],
  ['prefix must be a path', { schemas: {}, prefix: 'gateway' }],
  ['bodyBytes must be', { schemas: {}, bodyBytes: '1mb' }],
  ['mocks must be', { schemas: {}, mocks: [] }],
  ['config must be', { schemas: {}, config: null }],
  ['there is no option mock', { schemas: {}, mock: {} }],
])('gatewayPlugin: %s', (text, options) => {
  expect(() => gatewayPlugin(options as never)).toThrow(`gatewayPlugin: ${text}`);
});
