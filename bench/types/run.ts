/**
 * Measures what a schema of 500 REST actions costs the type checker: generates the schema and 500
 * calls in `bench/.out/types`, checks both and prints the compiler's own figures.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCalls, generateSchema } from './generate';

const folder = join(__dirname, '..', '.out', 'types');
const tsconfig = { extends: '../../../tsconfig.json', include: ['*.ts'] };
const figures = /^(Files|Types|Instantiations|Memory used|Check time|Total time):/;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
writeFileSync(join(folder, 'schema.ts'), generateSchema());
writeFileSync(join(folder, 'calls.ts'), generateCalls());

const compiler = require.resolve('typescript/bin/tsc');
const { status, stdout } = spawnSync(
  process.execPath,
  [compiler, '--project', folder, '--noEmit', '--extendedDiagnostics'],
  { encoding: 'utf8' },
);
const lines = stdout.split('\n');
console.log(status === 0 ? lines.filter((line) => figures.test(line)).join('\n') : stdout);
process.exitCode = status ?? 1;
