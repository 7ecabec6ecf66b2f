import fc from 'fast-check';
import { watchProcess } from '../servers/watch-process';
import { watchPrototypes } from './prototypes';

const CASES = 300;
const CASE_LIMIT_MS = 15_000;
/** Without the command of CONTRIBUTING.md: one round, always the same cases. */
const { FUZZ_SEED = '1', FUZZ_PATH, FUZZ_FILE_SECONDS = '0' } = process.env;
const fileMs = Number(FUZZ_FILE_SECONDS) * 1000;

const areUntouched = watchPrototypes();
const expectNoFaults = watchProcess();
let count = 0;

/**
 * A test that states what holds for every case. Beside it, no case may touch a prototype, make the
 * process warn, or leave an error unhandled. Cases come in rounds, each with a seed of its own.
 */
export function property<Case>(
  name: string,
  cases: fc.Arbitrary<Case>,
  holds: (one: Case) => Promise<void>,
): void {
  count++;
  const checked = fc.asyncProperty(cases, async (one) => {
    await holds(one);
    await expectNoFaults();
    expect(areUntouched()).toBe(true);
  });

  async function run() {
    const lastMs = performance.now() + fileMs / count;
    let seed = Number(FUZZ_SEED);
    let done = 0;
    do {
      done += await runRound(checked, { name, seed: seed++ });
    } while (performance.now() < lastMs && FUZZ_PATH === undefined);
    if (fileMs > 0) process.stdout.write(`${String(done).padStart(9)} cases: ${name}\n`);
  }
  test(name, run, fileMs + 120_000);
}

async function runRound<Case>(
  checked: fc.IAsyncProperty<Case>,
  { name, seed }: { name: string; seed: number },
): Promise<number> {
  const details = await fc.check(checked, {
    seed,
    numRuns: CASES,
    timeout: CASE_LIMIT_MS,
    includeErrorInReport: true,
    ...(FUZZ_PATH !== undefined && { path: FUZZ_PATH }),
  });
  if (!details.failed) return details.numRuns;
  const again = `npm run fuzz -- --seed ${seed} --path ${details.counterexamplePath} --only '${name}'`;
  throw new Error(`${fc.defaultReportMessage(details)}\nAgain: ${again}`);
}
