import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SLOW_MS, toPieces } from './ask';
import type { Ask, Fault } from './ask';

const STATUSES = [400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504];

type Serve = (response: ServerResponse, ask: Ask, body: Buffer) => void;

function sendError(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: 'UPSTREAM', message: `Status ${status}` }));
}

const answer: Serve = (response, _ask, body) => void response.end(body);

const SERVE: Readonly<Record<Fault, Serve>> = {
  none: answer,
  once: answer,
  slow: (...given) => void setTimeout(answer, SLOW_MS, ...given),
  hang: () => undefined,
  status: (response, { variant }) =>
    sendError(response, STATUSES[variant % STATUSES.length] as number),
  reset: (response) => void response.socket?.resetAndDestroy(),
  cut(response, { variant }, body) {
    // Cut short of the declared length, or of the last chunk.
    if (variant % 2 === 0) response.setHeader('content-length', body.length);
    response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
  },
  garbage: (response, _ask, body) => void response.end(body.subarray(0, body.length - 1)),
  goaway: (response, _ask, body) => void response.setHeader('connection', 'close').end(body),
};

async function readAsk(request: IncomingMessage, url: URL): Promise<Ask> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method === 'POST') return JSON.parse(Buffer.concat(chunks).toString()) as Ask;
  const { fault, variant, count, size } = Object.fromEntries(url.searchParams);
  return {
    id: url.pathname.split('/').at(-1) ?? '',
    fault: fault as Fault,
    variant: Number(variant),
    count: Number(count),
    size: Number(size),
  };
}

/** `GET /pieces/<id>`, `POST /pieces`: JSON. `GET /lines/<id>`: a JSON text in each line. */
export function startRest(port: number, keepAliveMs: number) {
  /** POST without an idempotency key is never to be sent twice. */
  const posted = new Set<string>();
  let repeated = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://backend');
    const ask = await readAsk(request, url);
    if (request.method === 'POST') {
      if (posted.has(ask.id)) repeated++;
      posted.add(ask.id);
    }
    const isFirst = request.headers['x-request-attempt'] === undefined;
    if (ask.fault === 'once' && isFirst) return sendError(response, 503);
    const isLines = url.pathname.startsWith('/lines');
    const pieces = toPieces(ask);
    const body = isLines
      ? pieces.map((piece) => `${JSON.stringify(piece)}\n`).join('')
      : JSON.stringify({ pieces });
    response.setHeader('content-type', isLines ? 'text/plain' : 'application/json');
    SERVE[ask.fault](response, ask, Buffer.from(body));
  };
  const server = createServer((request, response) => {
    // The gateway may leave in the middle of its request.
    serve(request, response).catch(() => request.destroy());
  });
  server.keepAliveTimeout = keepAliveMs;
  server.listen({ port, host: '127.0.0.1', backlog: 4096 });
  return { countRepeated: () => repeated };
}
