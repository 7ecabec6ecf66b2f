import { Agent } from 'node:http';
import axios, { isAxiosError } from 'axios';
import type { RequestHandler } from 'express';
import type { Backend } from '../serve';
import { createApp } from './express-app';
import { forwardHeaders } from './forwarded-headers';

/** One route over axios with a keep-alive agent. */
export function createHandWrittenAxios({ http }: Backend, action: string) {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 256 });
  const client = axios.create({ baseURL: http, httpAgent, proxy: false, timeout: 25_000 });
  const route = action === 'getList' ? 'list' : 'small';
  const isPost = action === 'postSmall';

  const handler: RequestHandler = async (req, res) => {
    const args = req.body as { id: string };
    const headers = forwardHeaders(req.headers);
    try {
      const { status, data } = isPost
        ? await client.post<unknown>(`/${route}`, args, { headers })
        : await client.get<unknown>(`/${route}/${encodeURIComponent(args.id)}`, { headers });
      res.status(status).json(data);
    } catch (error) {
      const status = isAxiosError(error) ? (error.response?.status ?? 502) : 502;
      res.status(status).json({ code: 'BAD_GATEWAY', message: (error as Error).message });
    }
  };
  return createApp(handler);
}
