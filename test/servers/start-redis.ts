import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { closeAfterTest } from './closing';
import { findFreePort } from './find-free-port';
import { describeWith } from './needs-package';

const PACKAGE = 'redis-server';

/** `describe` for tests that need a Redis. */
export function describeWithRedis(name: string, tests: () => void): void {
  describeWith({ name: PACKAGE, command: PACKAGE }, name, tests);
}

/** A Redis on a free loopback port that may be ended, paused and started again. */
export async function startRedis() {
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-redis-'));
  closeAfterTest(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    server = spawn(PACKAGE, [...place, '--save', '', '--appendonly', 'no'], { stdio: 'pipe' });
    let printed = '';
    for await (const chunk of server.stdout!) {
      printed += String(chunk);
      if (printed.includes('Ready to accept connections')) return void server.stdout!.resume();
    }
    throw new Error(`redis-server ended: ${printed}`);
  }

  async function stop(): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  await start();
  closeAfterTest(stop);
  return {
    port,
    start,
    stop,
    /** It keeps its connections and answers nothing until `resume`. */
    pause: () => server!.kill('SIGSTOP'),
    resume: () => server!.kill('SIGCONT'),
    connect: () => connectRedis(port),
  };
}

/** A client of its own, as an application would make it, closed at the end of the test. */
export function connectRedis(port: number): Redis {
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 20 });
  client.on('error', () => undefined);
  closeAfterTest(() => Promise.resolve(client.disconnect()));
  return client;
}
