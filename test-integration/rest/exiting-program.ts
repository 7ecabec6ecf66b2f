import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getGatewayControllers } from '../../lib';

/** A program that must end by itself after what its argument says; it prints what it saw. */
const [, , what] = process.argv;

async function main() {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (request.url === '/hang') return;
    response.setHeader('content-type', 'application/json');
    response.end('{"ok":true}');
  });
  server.on('connection', (socket) => sockets.add(socket.unref()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const get = { method: 'GET', path: '/', retries: 2 } as const;
  const post = { method: 'POST', path: '/', retries: 2 } as const;
  const hang = { method: 'GET', path: '/hang', timeout: 600_000 } as const;
  const endpoints = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { api, close } = getGatewayControllers({
    root: { s: { endpoints, actions: { get, post, hang } } },
  });
  const isIdle = () =>
    sockets.size === 0 &&
    process.getActiveResourcesInfo().every((one) => !/Timeout|TCPSOCKET/i.test(one));

  if (what === 'build') return console.log(isIdle());
  await Promise.all([api.s.get(), api.s.get(), api.s.post()]);
  if (what === 'close') await close();
  if (what === 'close-while-running') {
    const running = api.s.hang().catch(({ error }) => console.log(error.code));
    await close({ graceMs: 50 });
    await running;
  }
  console.log('done');
}

void main();
