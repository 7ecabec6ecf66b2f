import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Pool } from 'undici';
import type { Backend } from '../serve';
import { forwardHeaders } from './forwarded-headers';

/** The floor: bytes in, bytes out, without a framework. */
export function createPlainNode({ http }: Backend, action: string) {
  const pool = new Pool(http, { connections: 256 });
  const route = action === 'getList' ? 'list' : 'small';

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string };
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: `/${route}/${encodeURIComponent(id)}`,
      headers: forwardHeaders(req.headers),
    });
    const bytes = Buffer.from(await body.arrayBuffer());
    res.writeHead(statusCode, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': bytes.length,
    });
    res.end(bytes);
  }

  return createServer((req, res) => {
    answer(req, res).catch(() => res.writeHead(502).end());
  });
}
