import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startBackends } from './backends/start-all';
import { createGateway } from './gateway';
import { createGracefulStop } from './graceful-stop';
import type { Stock } from './schemas/inventory';

/** Less than the time after which the supervisor kills: Docker 10 s, Kubernetes 30 s. */
const GRACE_MS = 8000;

function toCurl(url: string, action: string, args: object, headers: string[] = []): string {
  const all = ['content-type: application/json', ...headers].map((header) => `-H '${header}'`);
  return `curl -s ${url}/gateway/${action} ${all.join(' ')} -d '${JSON.stringify(args)}'`;
}

function describe(url: string): string {
  return [
    `The storefront gateway listens on ${url}. Try:`,
    '',
    toCurl(url, 'shop/users/get', { id: 'u1' }),
    toCurl(url, 'shop/products/search', { text: 'tea', limit: 5 }, ['x-currency: EUR']),
    toCurl(url, 'shop/inventory/getStock', { productId: 'p1' }),
    toCurl(url, 'shop/delivery/getQuote', { productId: 'p1', city: 'London' }),
    toCurl(url, 'shop/account/overview', { userId: 'u1' }, ['authorization: Bearer demo']),
    toCurl(url, 'shop/orders/mine', {}, ['authorization: Bearer demo']),
    '',
  ].join('\n');
}

/** A stream of gRPC, read on the server. */
async function printStock({ shop }: ReturnType<typeof createGateway>['api']): Promise<void> {
  const { stream } = await shop.inventory.watchStock({ args: { productId: 'p1' } });
  for await (const { productId, available } of stream as AsyncIterable<Stock>) {
    console.log(`The stock of ${productId} is ${available}`);
  }
}

async function main(): Promise<void> {
  const backends = await startBackends();
  const { app, api, close } = createGateway(backends.urls);
  const server = createServer(app);

  const stopServing = createGracefulStop(server, { close });
  const stop = async () => {
    await stopServing(GRACE_MS);
    await backends.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop());

  server.once('error', (error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE';
    console.error(isTaken ? `${error.message}: set PORT to another port` : error.message);
    process.exitCode = 1;
    void stop();
  });
  // Loopback only: it is an example.
  server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(describe(`http://localhost:${port}`));
    printStock(api).catch((error: Error) => console.error(error.message));
  });
}

void main();
