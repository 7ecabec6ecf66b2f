import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..');
const run = promisify(execFile);

async function listPacked(): Promise<string[]> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await run('npm', args, { cwd: root });
  const [pack] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return pack.files.map(({ path }) => path);
}

function listLinks(page: string): string[] {
  const links = readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g);
  return [...links]
    .map(([, link]) => link!)
    .filter((link) => !link.includes('://'))
    .map((link) => posix.join(posix.dirname(page), link));
}

test('the pages of the package link only to what is in the package', async () => {
  const packed = await listPacked();
  const pages = packed.filter((path) => path.endsWith('.md'));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/schema.md']));
  for (const page of pages) expect(packed).toEqual(expect.arrayContaining(listLinks(page)));
});

test('folders that only say what will be there are not in the package', async () => {
  const packed = await listPacked();
  expect(packed.filter((path) => /^(bin|patches)\/README/.test(path))).toEqual([]);
});
