import { createServer, request as httpRequest } from 'node:http';
import type {
  ClientRequest,
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
} from 'node:http';
import { Readable } from 'node:stream';
import express from 'express';
import express4 from 'express4';
import { getGatewayControllers, proxy } from '../../lib';
import type { ApiServiceProxyActionConfig, GatewayConfig, SchemasByScope } from '../../lib';
import { closeAfterTest } from './closing';
import { listen } from './start-upstream';

type Service = SchemasByScope[string][string];

export interface ProxyOptions {
  definition?: Omit<ApiServiceProxyActionConfig, 'kind'>;
  service?: Partial<Service>;
  config?: GatewayConfig<any, any, any>;
  /** Default 5. */
  express?: 4 | 5;
  /** `app.use('/files', handler)` or `app.all('/files/*', handler)`. Default `use`. */
  mount?: 'use' | 'pattern';
  /** Mounts middlewares before the proxy. */
  before?: (app: any, json: () => unknown) => void;
}

export interface ProxyAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  trailers: NodeJS.Dict<string>;
  text: string;
  body: Buffer;
  readonly json: any;
}

/** A real HTTP server whose requests are not read for it. */
export async function startRawServer(listener: RequestListener) {
  const server = createServer(listener);
  const listening = await listen(server);
  let connectionCount = 0;
  server.on('connection', () => connectionCount++);
  return {
    server,
    ...listening,
    url: `http://127.0.0.1:${listening.port}`,
    get connectionCount() {
      return connectionCount;
    },
  };
}

/** A gateway with the proxy `files.raw` at /files of a real Express app, and its controller at /gateway. */
export async function startProxy(endpoints: Service['endpoints'], options: ProxyOptions = {}) {
  const { definition, service, config, express: version = 5, mount = 'use', before } = options;
  const actions = { raw: proxy(definition), list: { method: 'GET', path: '/list' } as const };
  const schemas = { root: { files: { endpoints, actions, ...service } } };
  const gateway = getGatewayControllers(schemas as { root: { files: Service } }, config);
  const create = version === 4 ? express4 : express;
  const app = create();
  before?.(app, create.json);
  const handler = gateway.proxyHandler('root', 'files', 'raw');
  if (mount === 'use') app.use('/files', handler);
  else app.all(version === 4 ? '/files/*' : '/files/*splat', handler);
  app.post('/gateway/:scope/:service/:action', gateway.controller);
  const server = createServer(app);
  const { port, sockets } = await listen(server);
  closeAfterTest(() => gateway.close({ graceMs: 0 }));

  /** The path goes out as it is, as a client may write it. */
  function open(method: string, path: string, headers: Record<string, string | string[]> = {}) {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false });
    request.on('error', () => undefined);
    return request;
  }

  async function send(
    method: string,
    path: string,
    headers?: Record<string, string | string[]>,
    body?: string | Buffer | Readable,
  ): Promise<ProxyAnswer> {
    const request = open(method, path, headers);
    const answer = answerOf(request);
    // A text would go out together with the head, whose latin1 would become UTF-8.
    const whole = typeof body === 'string' ? Buffer.from(body) : body;
    if (whole instanceof Readable) whole.pipe(request);
    else request.end(whole);
    return readAnswer(await answer);
  }

  return { gateway, app, server, port, sockets, url: `http://127.0.0.1:${port}`, open, send };
}

export function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
}

/** Rejects where the answer is cut. */
export async function readAnswer(answer: IncomingMessage): Promise<ProxyAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { headers, rawHeaders, trailers } = answer;
  return {
    status: answer.statusCode ?? 0,
    headers,
    rawHeaders,
    trailers,
    body,
    text: body.toString(),
    get json() {
      return JSON.parse(body.toString());
    },
  };
}
