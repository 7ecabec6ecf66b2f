import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that the system gives to clients: a port of theirs may be taken while its server is away,
 * and a client that connects to the very port it comes from is connected to itself.
 */
const FIRST = 15_000;
const LAST = 30_000;

let next = FIRST + Math.floor(Math.random() * (LAST - FIRST));

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  const tried = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (tried) await once(server.close(), 'close');
  return tried;
}

/** A port for a server that goes and comes back, or for a program that is told where to listen. */
export async function findFreePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = next++;
    if (next > LAST) next = FIRST;
    if (await isFree(port, host)) return port;
  }
}
