import type { IncomingMessage, ServerResponse } from 'node:http';

/** A middleware of connect, which Vite's servers are made of. */
export type ConnectHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

interface ConnectHost {
  readonly middlewares: { use(handler: ConnectHandler): unknown };
}

/**
 * What is used of Vite's servers. Written out: Vite's own types are of an ES module, which types of a
 * package that is none cannot name, and need not be installed.
 */
export interface ViteDevServer extends ConnectHost {
  readonly environments: { readonly client: object };
}

export interface VitePreviewServer extends ConnectHost {
  readonly httpServer: { once(event: 'close', listener: () => void): unknown };
}

/** A plugin of Vite 6, 7 and 8, for `plugins` of its config. */
export interface GatewayVitePlugin {
  name: string;
  /** Dev server and preview, never a build. */
  apply: 'serve';
  configureServer(server: ViteDevServer): void;
  configurePreviewServer(server: VitePreviewServer): void;
  closeBundle(this: { environment?: unknown }): Promise<void>;
}
