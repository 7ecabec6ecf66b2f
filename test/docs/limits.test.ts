import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from '../../lib/config/resolve-config';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'limits.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` +\| ([\d.,]+) +\|/gm)];
const documented = Object.fromEntries(
  rows.map(([, name, value]) => [name, Number(value?.replaceAll(',', ''))]),
);

test('docs/limits.md names every limit with the default that it has', () => {
  expect(documented).toEqual(resolveConfig({}).limits);
});

test('an answer may have 100 MiB by default', () => {
  expect(documented['responseBytes']).toBe(100 * 1024 * 1024);
});
