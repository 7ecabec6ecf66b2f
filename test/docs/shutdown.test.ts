import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

test('the shutdown chapter shows the code with which the storefront stops', () => {
  const source = read('examples', 'storefront', 'graceful-stop.ts');
  const code = source.slice(source.indexOf('/**')).replace('export function', 'function');
  expect(read('docs', 'shutdown.md')).toContain(code);
});
