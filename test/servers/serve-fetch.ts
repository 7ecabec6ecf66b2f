import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FetchHandler } from '../../lib';

/** A listener of node's HTTP server in front of a fetch handler, as hosts of such handlers have one. */
export function serveFetch(handle: FetchHandler) {
  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => {
      if (!res.writableFinished) gone.abort();
    });
    const response = await handle(toRequest(req, gone.signal));
    const { status, headers, body } = response;
    const cookies = headers.getSetCookie();
    res.writeHead(status, {
      ...Object.fromEntries(headers),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    });
    if (!body) return void res.end();
    await pipeline(Readable.fromWeb(body), res).catch(() => res.destroy());
  }
  return (req: IncomingMessage, res: ServerResponse) => void serve(req, res);
}

function toRequest(req: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', headers, url = '/' } = req;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: toPairs(req),
    signal,
    ...(hasBody && { body: Readable.toWeb(req), duplex: 'half' }),
  });
}

/** Hosts give requests without the headers that are of the connection. */
function toPairs({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  }
  return pairs.filter(([name]) => !/^(connection|transfer-encoding|keep-alive)$/i.test(name));
}
