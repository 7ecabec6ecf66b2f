import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { closeAfterTest } from './closing';

/** Listens, and then never accepts: the thread stands still. */
const LISTENER = `
const { parentPort } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;
/** More than the system's queue for a backlog of one takes. */
const FILLING = 8;

/** An upstream to which no further connection comes about: the system neither takes nor refuses it. */
export async function startDeafUpstream(): Promise<string> {
  const worker = new Worker(LISTENER, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const sockets = Array.from({ length: FILLING }, () => connect(port, '127.0.0.1'));
  closeAfterTest(() => {
    for (const socket of sockets) socket.destroy();
    return worker.terminate();
  });
  await new Promise<void>((resolve) => sockets[0]?.once('connect', () => resolve()));
  return `http://127.0.0.1:${port}`;
}
