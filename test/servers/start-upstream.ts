import { createServer } from 'node:http';
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { closeAfterTest } from './closing';

/** One request as the upstream received it. */
export interface ReceivedRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: Buffer;
  /** The body parsed as JSON. */
  readonly json: any;
}

export interface Upstream {
  url: string;
  port: number;
  /** Requests in the order of their end. */
  requests: ReceivedRequest[];
  /** How many connections were opened so far, and those that are open. */
  connectionCount: number;
  sockets: Set<Socket>;
  readonly last: ReceivedRequest;
  close(): Promise<void>;
}

export type Answer = (
  request: ReceivedRequest,
  response: ServerResponse,
  message: IncomingMessage,
) => unknown;

/** Listens on a free loopback port until the test ends; `close` ends connections too. */
export async function listen(server: Server, host = '127.0.0.1') {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  // Node's own backlog is 511: hundreds of connections at once would be reset.
  const options = { port: 0, host, backlog: 4096 };
  await new Promise<void>((resolve) => server.listen(options, resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  closeAfterTest(close);
  return { port, sockets, close };
}

/** A real HTTP server that records what it receives. Without `answer` it says `{"ok":true}`. */
export async function startUpstream(answer?: Answer): Promise<Upstream> {
  const requests: ReceivedRequest[] = [];
  const onRequest: RequestListener = (message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const body = Buffer.concat(chunks);
      const request: ReceivedRequest = {
        method: message.method ?? '',
        url: message.url ?? '',
        headers: message.headers,
        rawHeaders: message.rawHeaders,
        body,
        get json() {
          return JSON.parse(body.toString());
        },
      };
      requests.push(request);
      if (answer) answer(request, response, message);
      else sendJson(response, { ok: true });
    });
  };
  const server = createServer(onRequest);
  const { port, sockets, close } = await listen(server);
  const upstream = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connectionCount: 0,
    sockets,
    close,
    get last() {
      const last = requests.at(-1);
      if (!last) throw new Error('the upstream received no request');
      return last;
    },
  };
  server.on('connection', () => upstream.connectionCount++);
  return upstream;
}

export function sendJson(response: ServerResponse, data: unknown, status = 200): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(data));
}

/** A TCP server for answers that no HTTP library would write; `serve` is called once per connection. */
export async function startRawUpstream(serve: (socket: Socket) => void) {
  const { port, sockets, close } = await listen(createTcpServer(serve));
  return { url: `http://127.0.0.1:${port}`, port, sockets, close };
}
