import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';
import { closeAfterTest } from './closing';

const PACKAGE = 'redis-server';

function isInstalled(): boolean {
  try {
    execFileSync(PACKAGE, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Why there is no Redis, after trying to install it; undefined where there is one. */
function findHindrance(): string | undefined {
  if (isInstalled()) return undefined;
  if (process.getuid?.() !== 0) return `${PACKAGE} is not installed, and only root may install it`;
  // RUNLEVEL 1: the package does not start a service of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  try {
    execFileSync('apt-get', ['install', '-y', PACKAGE], { env, stdio: 'pipe' });
    return isInstalled() ? undefined : `${PACKAGE} was installed but does not run`;
  } catch (error) {
    return `${PACKAGE} cannot be installed: ${(error as Error).message.split('\n')[0]}`;
  }
}

/**
 * `describe` for tests that need a Redis. Where there can be none they are skipped, which is said on the
 * console; with CI=true they fail instead.
 */
export function describeWithRedis(name: string, tests: () => void): void {
  const hindrance = findHindrance();
  if (hindrance === undefined) return describe(name, tests);
  if (process.env['CI'] === 'true') {
    return test(name, () => {
      throw new Error(hindrance);
    });
  }
  console.warn(`SKIPPED: the tests of "${name}" have not run, because ${hindrance}`);
  describe.skip(name, tests);
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
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
