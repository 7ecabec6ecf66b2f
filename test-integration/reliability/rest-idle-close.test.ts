import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRestAction } from '../../test/servers/start-rest-action';
import { closeAfterTest } from '../../test/servers/closing';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';

checkLeaks();

// A busy machine takes several times as long.
jest.setTimeout(300_000);

const BURST = 40;

async function startClosingUpstream(...args: (string | number)[]) {
  const script = join(__dirname, 'rest-closing-upstream.ts');
  const child = fork(script, args.map(String), { execArgv: ['--import', 'tsx'] });
  closeAfterTest(() => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    return gone;
  });
  const port = await new Promise<number>((resolve) =>
    child.once('message', (sent) => resolve(sent as number)),
  );
  return `http://127.0.0.1:${port}`;
}

/** Keeps the thread from its events, as a busy process does. */
function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** Twelve bursts of POSTs, with pauses around the time at which the upstream closes connections. */
async function postInBursts(url: string, pauses: number[], blockMs: number) {
  const { call } = await startRestAction(url, {
    method: 'POST',
    params: ({ id }: { id: number }) => ({ body: String(id) }),
  });
  const answers: { count: number; distinct: number }[] = [];
  for (let burst = 0; burst < 12; burst++) {
    const calls = Array.from({ length: BURST }, (_, n) =>
      call({ args: { id: burst * BURST + n } }),
    );
    answers.push(...(await Promise.all(calls)).map(({ responseData }) => responseData));
    await sleep(pauses[burst % pauses.length]);
    block(blockMs);
  }
  return {
    sentTwice: answers.filter(({ count }) => count > 1).length,
    received: Math.max(...answers.map(({ distinct }) => distinct)),
  };
}

const AT_ONCE = [0, 1, 2, 3, 5, 8, 12, 20, 30, 15, 25, 1];
const AFTER_1_S = [100, 480, 500, 520, 980, 990, 1000, 1010, 20, 970, 10, 0];
const AFTER_5_S = [100, 2400, 2600, 4980, 20, 0, 10, 0, 10, 0, 10, 0];

type Upstream = readonly [idleMs: number, how: string, pauses: number[]];

const quick: Upstream[] = [
  [0, 'end', AT_ONCE],
  [0, 'destroy', AT_ONCE],
  [1, 'node', AT_ONCE],
  [15, 'destroy', AT_ONCE],
  [1000, 'node', AFTER_1_S],
];
const all: Upstream[] = [...quick, [1000, 'destroy', AFTER_1_S], [5000, 'node', AFTER_5_S]];

promiseOnce(
  'U11',
  'Of 480 POSTs in bursts to an upstream that closes idle connections at once, after 1 s or after 5 s, with or without a Keep-Alive hint, all succeed and none is sent twice.',
  () => {
    test.each([
      ['a thread that is free', all, 0],
      ['a thread that is blocked between them', quick, 50],
    ])('from %s', async (_name, upstreams, blockMs) => {
      const runs = upstreams.flatMap(([idleMs, how, pauses]) =>
        ['none', 'hint'].map(async (hint) => {
          const url = await startClosingUpstream(idleMs, how, hint);
          return { idleMs, how, hint, ...(await postInBursts(url, pauses, blockMs)) };
        }),
      );
      for (const run of await Promise.all(runs)) {
        expect(run).toEqual({ ...run, sentTwice: 0, received: 480 });
      }
    });
  },
);
