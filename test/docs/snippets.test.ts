import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSnippets } from './compile-snippets';
import { readSnippets } from './read-snippets';
import { runSnippet } from './run-snippet';

const snippets = readSnippets();
let compiled: ReturnType<typeof compileSnippets>;

beforeAll(() => {
  compiled = compileSnippets(snippets);
}, 120_000);

afterAll(() => compiled.remove());

test('the programs of the pages have no type errors', () => {
  expect(snippets.length).toBeGreaterThan(0);
  expect(compiled.diagnostics).toEqual([]);
});

test('the gRPC chapter shows the proto file that its programs name', () => {
  const [page, proto] = ['../../docs/grpc.md', 'users.proto'].map((path) =>
    readFileSync(join(__dirname, path), 'utf8'),
  );
  expect(page).toContain(`\`\`\`proto\n${proto}\`\`\``);
});

test.each(snippets)('$name prints what the page says', async (snippet) => {
  const printed = await runSnippet(snippet, compiled.files.get(snippet.name)!);
  expect(printed.trim()).toBe(snippet.expected.trim());
});
