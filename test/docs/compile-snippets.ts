import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Snippet } from './read-snippets';

const root = join(__dirname, '..', '..');
/** Loaded at run time only, so that no program imports it. */
const lazyModule = join(root, 'lib', 'transports', 'grpc', 'grpc-transport.ts');

function toFileName(name: string): string {
  return name.replace(/[^\w]+/g, '-').toLowerCase();
}

/**
 * Checks the types of all programs and compiles them together with lib/, which takes the place of the
 * package. Answers the JavaScript file of each program by its name, and what the compiler found.
 */
export function compileSnippets(snippets: readonly Snippet[]) {
  const out = join(__dirname, '.out');
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'run-'));
  const files = new Map<string, string>();
  for (const { name, code, isCommonJs } of snippets) {
    const file = join(folder, `${toFileName(name)}.${isCommonJs ? 'cts' : 'mts'}`);
    writeFileSync(file, code.replaceAll(`'sallyport'`, `'../../../../lib/index.js'`));
    files.set(name, file);
  }
  const outDir = join(folder, 'js');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([...files.values(), lazyModule], {
    ...options,
    types: ['node'],
    noEmit: false,
    rootDir: root,
    outDir,
  });
  const diagnostics = [...files].flatMap(([name, file]) => {
    return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText }) => {
      return `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
  program.emit();
  symlinkSync(join(root, 'protos'), join(outDir, 'protos'), 'dir');
  const compiled = [...files].map(([name, file]) => {
    const path = join(outDir, file.slice(root.length).replace(/ts$/, 'js'));
    return [name, path] as const;
  });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { diagnostics, files: new Map(compiled), remove };
}
