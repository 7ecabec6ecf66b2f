import { Child } from './child';
import type { LoadResult } from './load';
import type { Backend } from './serve';
import type { Variant, Work } from './works';

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export interface Figures {
  readonly variant: Variant;
  /** CPU microseconds per request: lowest and median of the rounds. */
  readonly lowest: number;
  readonly median: number;
  readonly perSecond: number;
}

interface Running {
  readonly variant: Variant;
  readonly server: Child;
  readonly url: string;
  readonly rounds: number[];
  perSecond: number;
}

const CONNECTIONS = 32;

/** Measures every variant of a work; they take turns within each round. */
export async function measure(work: Work, backend: Backend, plan: Plan): Promise<Figures[]> {
  const load = new Child('load.ts', 'load');
  const running: Running[] = [];
  try {
    for (const variant of work.variants) running.push(await start(variant, work, backend));
    await assertEqual(running);
    for (const one of running) await run(one, load, plan.warmUpSeconds);
    for (let round = 0; round < plan.rounds; round++) {
      for (const one of running) await run(one, load, plan.seconds, true);
    }
  } finally {
    await Promise.all([load.end(), ...running.map(({ server }) => server.end())]);
  }
  return running.map(({ variant, rounds, perSecond }) => {
    const sorted = [...rounds].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
    return { variant, lowest: sorted[0] ?? NaN, median, perSecond };
  });
}

export async function start(
  variant: Variant,
  work: Work,
  backend: Backend,
  flags: readonly string[] = [],
): Promise<Running> {
  const server = new Child('serve.ts', 'measured', flags);
  const port = await server.ask<number>({ variant, work, backend });
  const isPlain = variant === 'gateway without schema';
  const action = isPlain ? 'getUnchecked' : work.action;
  const url = `http://127.0.0.1:${port}/gateway/${work.kind}/items/${action}`;
  return { variant, server, url, rounds: [], perSecond: 0 };
}

async function run(one: Running, load: Child, seconds: number, isCounted = false): Promise<void> {
  const before = await one.server.ask<number>('cpu');
  const result = await load.ask<LoadResult>({ url: one.url, connections: CONNECTIONS, seconds });
  const after = await one.server.ask<number>('cpu');
  if (result.failed > 0) throw new Error(`${one.variant}: ${result.failed} requests failed`);
  if (!isCounted) return;
  one.rounds.push((after - before) / result.requests);
  one.perSecond = Math.max(one.perSecond, result.perSecond);
}

/** The same work is done: same status, same JSON. */
async function assertEqual(running: readonly Running[]): Promise<void> {
  const answers = await Promise.all(
    running.map(async ({ url }) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: '{"id":"42"}' });
      return JSON.stringify([response.status, await response.json()]);
    }),
  );
  for (const [index, answer] of answers.entries()) {
    if (answer !== answers[0]) throw new Error(`${running[index]?.variant} answers ${answer}`);
  }
}
