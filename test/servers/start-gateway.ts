import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import express from 'express';
import express4 from 'express4';
import { getGatewayControllers, toFetchHandler } from '../../lib';
import type { Gateway, GatewayConfig, SchemasByScope } from '../../lib';
import { createVitePlugin } from '../../lib/adapters/vite/create-vite-plugin';
import type { MountedGateway } from '../../lib/adapters/vite/create-vite-plugin';
import { closeAfterTest } from './closing';
import { serveFetch } from './serve-fetch';
import { listen } from './start-upstream';
import { startVite } from './start-vite';

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
  /** The body parsed as JSON. */
  readonly json: any;
}

/** The versions of Express, the fetch handler behind node's own server, and Vite's dev server. */
export type Host = 4 | 5 | 'fetch' | 'vite';

export interface AppOptions {
  /** Default 5. */
  express?: Host;
  /** Mounts middlewares before the gateway; default: the JSON body parser. */
  use?: (app: any, json: () => unknown) => void;
}

/**
 * With TEST_WIRE=axios every REST call goes through axios and Node's own client, by an option that
 * only axios understands and that changes nothing: the same tests run over both ways to send.
 */
function overWire(config: GatewayConfig<any, any, any>): GatewayConfig<any, any, any> {
  if (process.env['TEST_WIRE'] !== 'axios') return config;
  return { ...config, axiosConfig: { maxBodyLength: Infinity, ...config.axiosConfig } };
}

function createApp(controller: never, { express: version = 5, use }: AppOptions) {
  const create = version === 4 ? express4 : express;
  const app = create();
  if (use) use(app, create.json);
  else app.use(create.json({ limit: '50mb' }));
  for (const path of ['/gateway/:scope/:service/:action', '/gateway/:service/:action']) {
    app.post(path, controller);
    app.get(path, controller);
  }
  return app;
}

async function serve(
  gateway: Gateway<any, any, any, any>,
  app: RequestListener,
  host: Host | undefined,
) {
  if (host === 'vite') {
    const build = () => gateway as unknown as MountedGateway;
    const options = { prefix: '/gateway', bodyBytes: 50e6 };
    const { server, port } = await startVite(createVitePlugin(build, options));
    return { server: server.httpServer as Server, port, close: () => server.close() };
  }
  const server = createServer(host === 'fetch' ? serveFetch(toFetchHandler(gateway)) : app);
  return { server, ...(await listen(server)) };
}

/** A gateway mounted in a real Express app on a free loopback port, at /gateway. */
export async function startGateway<const Schemas extends SchemasByScope>(
  schemas: Schemas,
  config: GatewayConfig<any, any, any> = {},
  options: AppOptions = {},
) {
  const gateway = getGatewayControllers(schemas, overWire(config));
  const app = createApp(gateway.controller as never, options);
  const { server, port, close } = await serve(gateway, app, options.express);
  const url = `http://127.0.0.1:${port}`;

  async function post(path: string, args: unknown = {}, headers: Record<string, string> = {}) {
    const body = typeof args === 'string' || Buffer.isBuffer(args) ? args : JSON.stringify(args);
    return send('POST', path, { 'content-type': 'application/json', ...headers }, body);
  }

  function send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Buffer,
  ): Promise<Answered> {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        `${url}/gateway/${path}`,
        { method, headers: { ...length, ...headers }, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks);
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: answer,
              text: answer.toString(),
              get json() {
                return JSON.parse(answer.toString());
              },
            });
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  const stop = async () => {
    await close();
    await gateway.close({ graceMs: 0 });
  };
  closeAfterTest(stop);

  return {
    ...gateway,
    gateway,
    app,
    server,
    url,
    port,
    /** Sends args as JSON to `[scope/]service/action`; a string or Buffer goes as it is. */
    post,
    /** `GET /gateway/<path>`. */
    get: (path: string, headers?: Record<string, string>) => send('GET', path, headers),
    send,
    /** Closes server and gateway; done at the end of the test anyway. */
    stop,
  };
}
