/** `npm run fuzz -- --minutes 10`: all properties for that long, with new seeds, or one case again. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    /** What a failure is told with, beside its seed: the way to the smallest case. */
    path: { type: 'string' },
    /** The name of a property. */
    only: { type: 'string' },
  },
});
const { minutes, path, only, seed = String(randomInt(2 ** 31)) } = values;
const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.ts'));
const workers = Math.min(files.length, availableParallelism());
// Files run beside each other, as many at a time as there are workers.
const rounds = only === undefined ? Math.ceil(files.length / workers) : 1;
const seconds = path === undefined ? (Number(minutes) * 60) / rounds : 0;

const escaped = only?.replace(/[^\w\s]/g, '\\$&');
const jest = [
  '--unhandled-rejections=strict',
  'node_modules/jest/bin/jest.js',
  'test/fuzz/',
  `--maxWorkers=${workers}`,
  ...(escaped === undefined ? [] : [`--testNamePattern=^${escaped}$`]),
];
console.log(`seed ${seed}, ${files.length} files, ${Math.round(seconds)} s each`);
const env = {
  ...process.env,
  FUZZ_SEED: seed,
  FUZZ_FILE_SECONDS: String(seconds),
  ...(path !== undefined && { FUZZ_PATH: path }),
};
spawn(process.execPath, jest, { env, stdio: 'inherit' }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
