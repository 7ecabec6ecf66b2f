import { createConnectHandler } from './connect-handler';
import type { Controller, MountOptions } from './connect-handler';
import type { ConnectHandler, GatewayVitePlugin, ViteDevServer } from './vite-types';

/** What a server mounts. */
export interface MountedGateway {
  readonly controller: Controller;
  readonly close: (options: { graceMs: number }) => Promise<void>;
}

/** Milliseconds for calls that run when a server closes; Vite has ended their connections by then. */
const GRACE_MS = 1000;

/** A plugin that builds a gateway for each server: a restart starts the next before the last is closed. */
export function createVitePlugin(
  build: () => MountedGateway,
  options: MountOptions,
): GatewayVitePlugin {
  const gateways = new WeakMap<object, MountedGateway>();

  function mount(middlewares: { use(handler: ConnectHandler): unknown }): MountedGateway {
    const gateway = build();
    middlewares.use(createConnectHandler(gateway.controller, options));
    return gateway;
  }

  return {
    name: 'sallyport',
    apply: 'serve',
    configureServer({ middlewares, environments }: ViteDevServer) {
      gateways.set(environments.client, mount(middlewares));
    },
    configurePreviewServer({ middlewares, httpServer }) {
      const gateway = mount(middlewares);
      httpServer.once('close', () => void gateway.close({ graceMs: GRACE_MS }));
    },
    /** Of every environment; the dev server awaits it, also where it has no HTTP server of its own. */
    async closeBundle() {
      const { environment } = this;
      if (typeof environment !== 'object' || environment === null) return;
      await gateways.get(environment)?.close({ graceMs: GRACE_MS });
    },
  };
}
