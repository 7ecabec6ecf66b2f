import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Ports } from './schemas';

/**
 * Below those that the system gives to clients: a port of theirs may be taken while its server is away,
 * and a client that connects to the very port it comes from is connected to itself.
 */
const FIRST = 15_000;
const LAST = 30_000;

let next = FIRST + Math.floor(Math.random() * (LAST - FIRST));

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const tried = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (tried) await once(server.close(), 'close');
  return tried;
}

async function findPort(): Promise<number> {
  for (;;) {
    const port = next++;
    if (next > LAST) next = FIRST;
    if (await isFree(port)) return port;
  }
}

export async function findPorts(): Promise<Ports> {
  return { rest: await findPort(), grpc: await findPort(), wire: await findPort() };
}
