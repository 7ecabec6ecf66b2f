import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An upstream in a process of its own, which closes idle connections after `idleMs`: `end` at once
 * with the answer, `destroy` by a timer of its own, `node` by Node's keep-alive timeout. It answers
 * each POST with how often it has received that id.
 */
const [, , idle = '0', how = 'node', hint = 'none'] = process.argv;
const idleMs = Number(idle);
const received = new Map<string, number>();
const timers = new WeakMap<object, NodeJS.Timeout>();

const server = createServer((request, response) => {
  const { socket } = request;
  clearTimeout(timers.get(socket));
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const id = Buffer.concat(chunks).toString();
    const count = (received.get(id) ?? 0) + 1;
    received.set(id, count);
    // An own Connection header keeps Node from adding a Keep-Alive hint.
    if (hint !== 'hint') response.setHeader('connection', 'keep-alive');
    response.setHeader('content-type', 'application/json');
    response.on('finish', () => {
      if (how === 'end') socket.end();
      if (how === 'destroy')
        timers.set(
          socket,
          setTimeout(() => socket.destroy(), idleMs),
        );
    });
    response.end(JSON.stringify({ count, distinct: received.size }));
  });
});

server.keepAliveTimeout = how === 'node' ? idleMs : 0;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
