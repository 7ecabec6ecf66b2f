import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..', '..');
const file = join(__dirname, 'hover-example.ts');

const EXAMPLE = `
import { defineSchema, getGatewayControllers, getTypedApiFactory, rest } from '../../lib';
interface User { name: string }
const shop = defineSchema({
  users: {
    actions: {
      get: rest<User, { id: string }>()({ method: 'GET', path: ({ id }) => id }),
      list: rest<User[]>()({ method: 'GET', path: '/' }),
    },
  },
});
const { api } = getGatewayControllers({ shop });
const inner = getTypedApiFactory<{ shop: typeof shop }>()(0);
`;

/** What an editor shows over the last word of an expression. */
function createHover(text: string) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const read = (path: string) => (path === file ? text : ts.sys.readFile(path));
  const service = ts.createLanguageService({
    readFile: read,
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => ts.ScriptSnapshot.fromString(read(path) ?? ''),
    getCurrentDirectory: () => root,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
  });
  return function hover(expression: string): string {
    const at = text.indexOf(expression) + expression.length - 1;
    const shown = service.getQuickInfoAtPosition(file, at)?.displayParts;
    return ts.displayPartsToString(shown).replaceAll(/\s+/g, ' ');
  };
}

const shown: [string, string[]][] = [
  ['api.shop.users.get', ['{ args: { id: string; }; }', 'GatewayActionUnaryResponse<User>']],
  ['api.shop.users.list', ['call?:', 'GatewayActionUnaryResponse<User[]>']],
  ['inner.shop.users.get', ['(args: { id: string; }) => Promise<User>']],
  ['inner.shop.users.list', ['=> Promise<User[]>']],
];
const hover = createHover(EXAMPLE + shown.map(([expression]) => `${expression};\n`).join(''));

test.each(shown)('an editor shows args and result of %s', (expression, parts) => {
  const text = hover(expression);
  for (const part of parts) expect(text).toContain(part);
});
