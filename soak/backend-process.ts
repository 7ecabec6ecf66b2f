import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BackendOrder } from './backend';

/** A backend in a process of its own that can be killed, and comes back on the same ports. */
export class BackendProcess {
  private child: ChildProcess | undefined;
  /** POSTs that came twice to a process. */
  repeated = 0;

  constructor(private readonly order: BackendOrder) {}

  /** Resolves when it serves, or has ended before. */
  async start(): Promise<boolean> {
    const child = fork(join(__dirname, 'backend.ts'), { execArgv: ['--import', 'tsx'] });
    this.child = child;
    const isReady = once(child, 'message').then(() => true);
    child.send(this.order);
    return Promise.race([isReady, once(child, 'exit').then(() => false)]);
  }

  /** Without a word to those who wait for its answers. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await this.readRepeated(child);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private async readRepeated(child: ChildProcess): Promise<void> {
    const answered = once(child, 'message') as Promise<[number]>;
    child.send('count');
    const ended = once(child, 'exit').then(() => [0]);
    const [repeated = 0] = await Promise.race([answered, ended]);
    this.repeated += repeated;
  }
}
