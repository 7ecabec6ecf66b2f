import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type * as Vite from 'vite' with { 'resolution-mode': 'import' };
import type { GatewayVitePlugin } from '../../lib';
import { closeAfterTest } from './closing';

/** Vite is an ES module, which jest's own `require` cannot load and Node's can. */
function loadVite() {
  const realProcess = runInThisContext('process') as NodeJS.Process;
  const load = realProcess.getBuiltinModule('node:module').createRequire(__filename);
  return load('vite') as typeof Vite;
}

function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-vite-'));
  closeAfterTest(() => Promise.resolve(rmSync(root, { recursive: true, force: true })));
  writeFileSync(join(root, 'index.html'), '<title>page of Vite</title>');
  return root;
}

function toInline(plugin: GatewayVitePlugin, more: Vite.InlineConfig): Vite.InlineConfig {
  const place = { host: '127.0.0.1', port: 0 };
  return {
    configFile: false,
    logLevel: 'silent',
    root: makeRoot(),
    plugins: [plugin],
    optimizeDeps: { noDiscovery: true },
    ...more,
    // Neither watchers nor web sockets: nothing but what is tested keeps the process.
    server: { ...place, watch: null, hmr: false, ws: false, ...more.server },
    preview: place,
  };
}

function open<S extends Vite.ViteDevServer | Vite.PreviewServer>(server: S) {
  closeAfterTest(() => server.close());
  const { port } = (server.httpServer as Server).address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** A dev server of Vite with a page and the plugin, on a free loopback port. */
export async function startVite(plugin: GatewayVitePlugin, more: Vite.InlineConfig = {}) {
  const server = await loadVite().createServer(toInline(plugin, more));
  return open(await server.listen());
}

/** The server of `vite preview`, on a free loopback port. */
export async function startPreview(plugin: GatewayVitePlugin) {
  const inline = toInline(plugin, { build: { outDir: '.' } });
  return open(await loadVite().preview(inline));
}

/** A dev server without an HTTP server of its own, to be mounted in another. */
export async function createMiddlewares(plugin: GatewayVitePlugin) {
  const inline = toInline(plugin, { server: { middlewareMode: true } });
  const server = await loadVite().createServer(inline);
  closeAfterTest(() => server.close());
  return server;
}
