import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as library from 'rate-limiter-flexible';
import { MemoryCounters } from '../../../lib/interceptors/rate-limit/memory-counters';

const policy = { name: 'default', points: 2, durationSec: 600 };

test('beyond the most keys, the one whose window began first is forgotten, and no other', async () => {
  const counters = new MemoryCounters(library, policy, 3);
  const remaining = async (key: string) => (await counters.count(key)).remaining;
  for (const key of ['a', 'b', 'c']) expect(await remaining(key)).toBe(1);
  expect(await remaining('a')).toBe(0);
  expect(await remaining('d')).toBe(1);
  for (const key of ['b', 'c', 'd']) expect(await remaining(key)).toBe(0);
  expect(await remaining('a')).toBe(1);
});

test('a key counts anew when its window has ended, and the keys of ended windows make room', async () => {
  const counters = new MemoryCounters(library, { ...policy, points: 1, durationSec: 1 }, 2);
  expect(await counters.count('a')).toMatchObject({ isOver: false, isFirst: true });
  expect(await counters.count('a')).toMatchObject({ isOver: true, remaining: 0 });
  let isOver = true;
  while (isOver) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    ({ isOver } = await counters.count('a'));
  }
  for (const key of ['b', 'a']) await counters.count(key);
  expect(await counters.count('a')).toMatchObject({ isOver: true });
});

test('no timer holds the process (S3), and memory stays bounded for invented keys', async () => {
  const program = `
    const { rateLimit } = require('./lib/index.ts');
    const limit = rateLimit({ points: 1, durationSec: 600, key: ({ args }) => args.key });
    const handle = limit(async () => ({ responseData: 1 }));
    async function invent(from, to) {
      for (let i = from; i < to; i++) await handle({ origin: 'http', args: { key: 'k' + i } });
      gc();
      return process.memoryUsage().heapUsed;
    }
    async function main() {
      const full = await invent(0, 150_000);
      console.log(JSON.stringify({ full, after: await invent(150_000, 450_000) }));
    }
    main();`;
  const cwd = join(__dirname, '..', '..', '..');
  const args = ['--expose-gc', '--import', 'tsx', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  const { full, after } = JSON.parse(stdout) as { full: number; after: number };
  expect(after).toBeLessThan(full * 1.5);
});
