import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendProcess } from './backend-process';
import type { Random } from './random';

/** Kills a backend and starts it again, at random times, until `stop` is called. */
export class Chaos {
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  kills = 0;

  constructor(
    private readonly backend: BackendProcess,
    private readonly random: Random,
  ) {
    this.ended = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
    while (!signal.aborted) {
      await pause(500 + this.random.below(4000));
      if (signal.aborted) return;
      await this.backend.kill();
      this.kills++;
      await pause(this.random.below(1500));
      // A connection that the dead process has left may still hold a port.
      while (!(await this.backend.start())) await pause(100);
    }
  }
}
