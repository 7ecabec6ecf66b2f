import type { RequestHandler } from 'express';
import { Pool } from 'undici';
import type { Backend } from '../serve';
import { createApp } from './express-app';
import { forwardHeaders } from './forwarded-headers';

interface Args {
  id: string;
}

/** One route over one undici Pool. */
export function createHandWritten({ http }: Backend, action: string) {
  const pool = new Pool(http, { connections: 256 });
  const route = action === 'getList' ? 'list' : 'small';
  const isPost = action === 'postSmall';

  const handler: RequestHandler = async (req, res) => {
    const args = req.body as Args;
    const headers = forwardHeaders(req.headers);
    if (isPost) headers['content-type'] = 'application/json';
    try {
      const { statusCode, body } = await pool.request({
        method: isPost ? 'POST' : 'GET',
        path: isPost ? `/${route}` : `/${route}/${encodeURIComponent(args.id)}`,
        headers,
        ...(isPost && { body: JSON.stringify(args) }),
        headersTimeout: 25_000,
        bodyTimeout: 25_000,
      });
      res.status(statusCode).json(await body.json());
    } catch (error) {
      res.status(502).json({ code: 'BAD_GATEWAY', message: (error as Error).message });
    }
  };
  return createApp(handler);
}
