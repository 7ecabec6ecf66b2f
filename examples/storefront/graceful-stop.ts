import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A gateway, as far as it is to be ended. */
interface Closable {
  close(options: { graceMs: number }): Promise<void>;
}

/** Answers a function that ends the server and its gateway, and loses no request that it was given. */
export function createGracefulStop(server: Server, gateway: Closable) {
  const answers = new Set<ServerResponse>();
  let isStopping = false;
  const makeLast = (answer: ServerResponse) => answer.setHeader('connection', 'close');

  server.prependListener('request', (_request, answer: ServerResponse) => {
    if (isStopping) makeLast(answer);
    answers.add(answer);
    answer.once('close', () => answers.delete(answer));
  });

  async function untilAnswered(ms: number): Promise<void> {
    const endMs = performance.now() + ms;
    while (answers.size > 0 && performance.now() < endMs) await sleep(10);
  }

  return async function stop(graceMs: number): Promise<void> {
    const endMs = performance.now() + graceMs;
    isStopping = true;
    // Only stops listening. The `close` of an HTTP server also destroys what it takes for an idle
    // connection, and Node 20 takes one for idle whose answer is ended but not yet written.
    const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
    for (const answer of answers) if (!answer.headersSent) makeLast(answer);
    await untilAnswered(graceMs);
    // From here on nothing can be answered but with a refusal: better the client sends it elsewhere.
    if (answers.size === 0) server.closeAllConnections();
    // What is left of the time is for calls of `api`; then what still runs ends with a failure.
    await gateway.close({ graceMs: Math.max(0, endMs - performance.now()) });
    await untilAnswered(1000);
    server.closeAllConnections();
    await closed;
  };
}
