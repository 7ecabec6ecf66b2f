import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Backend {
  url: string;
  stop(): Promise<void>;
}

export interface Answer {
  status?: number;
  body: unknown;
}

/** Answers one request; `url` is parsed, so that `url.pathname` and `url.searchParams` can be read. */
export type Answering = (url: URL, request: IncomingMessage) => Answer | Promise<Answer>;

export const NOT_FOUND: Answer = {
  status: 404,
  body: { code: 'NOT_FOUND', message: 'There is no such thing here' },
};

/** A JSON server on a free loopback port: a stand-in for a service of yours. */
export async function startBackend(answer: Answering): Promise<Backend> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://backend');
    void Promise.resolve(answer(url, request)).then(({ status = 200, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
