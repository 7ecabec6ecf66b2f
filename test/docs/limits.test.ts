import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from '../../lib/config/resolve-config';

function readDefaults(page: string): Record<string, number> {
  const text = readFileSync(join(__dirname, '..', '..', page), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` +\| ([\d.,]+) +\|/gm)];
  return Object.fromEntries(
    rows.map(([, name, value]) => [name, Number(value?.replaceAll(',', ''))]),
  );
}

test.each(['docs/limits.md', 'README.md'])('%s names every limit with its default', (page) => {
  expect(readDefaults(page)).toMatchObject(resolveConfig({}).limits);
});

test('docs/limits.md names no limit that is none', () => {
  expect(readDefaults('docs/limits.md')).toEqual(resolveConfig({}).limits);
});

test('an answer may have 100 MiB by default', () => {
  expect(resolveConfig({}).limits.responseBytes).toBe(100 * 1024 * 1024);
});
