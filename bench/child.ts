import { fork, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const hasTaskset = spawnSync('taskset', ['--version']).status === 0;
const cores = availableParallelism();

/** What is measured has core 0 for itself; the rest shares the others. */
const CORE = { measured: 0, backend: 1 % cores, load: cores > 2 ? 2 : 1 % cores } as const;

export const PINNING = hasTaskset
  ? `${cores} cores: measured process on core ${CORE.measured}, backend on ${CORE.backend}, load on ${CORE.load}`
  : `${cores} cores, not pinned: there is no taskset`;

/** A process of the benchmark, spoken to over IPC: one question, one answer. */
export class Child {
  private readonly child: ChildProcess;

  constructor(script: string, role: keyof typeof CORE, execArgv: readonly string[] = []) {
    this.child = fork(join(__dirname, script), {
      execArgv: ['--import', 'tsx', ...execArgv],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (hasTaskset && this.child.pid) {
      spawnSync('taskset', ['-a', '-cp', String(CORE[role]), String(this.child.pid)]);
    }
  }

  async ask<Answer>(question?: object | string): Promise<Answer> {
    // Rejects when the process ends in place of an answer.
    const stopped = new AbortController();
    const ended = once(this.child, 'exit', { signal: stopped.signal }).then(
      () => Promise.reject(new Error('a process of the benchmark has ended')),
      () => undefined,
    );
    const answered = once(this.child, 'message', { signal: stopped.signal });
    if (question !== undefined) this.child.send(question);
    try {
      const [answer] = (await Promise.race([answered, ended])) as [Answer];
      return answer;
    } finally {
      stopped.abort();
    }
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
