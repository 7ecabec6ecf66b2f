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

test.each(snippets)('$name prints what the page says', async (snippet) => {
  const printed = await runSnippet(snippet, compiled.files.get(snippet.name)!);
  expect(printed.trim()).toBe(snippet.expected.trim());
});
