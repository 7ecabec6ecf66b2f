import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../lib/reflection-patch/run-command';
import { makeProject } from '../../test/reflection-patch/temporary-project';

const ROOT = join(__dirname, '..', '..');
const MODULES = join(ROOT, 'node_modules');

test('reflection gives what proto files give with patched dependencies too', () => {
  const { folder, path } = makeProject();
  for (const name of ['protobufjs', 'grpc-reflection-js']) {
    cpSync(join(MODULES, name), path('node_modules', name), { recursive: true });
  }
  const { lines } = runCommand([], folder);
  expect(lines.filter((line) => line.endsWith(': patched'))).toHaveLength(2);
  const mapped = {
    '^protobufjs$': path('node_modules/protobufjs'),
    '^protobufjs/(.*)$': `${path('node_modules/protobufjs')}/$1`,
  };
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(MODULES, 'jest', 'bin', 'jest.js'),
      'test/transports/grpc/reflection',
      '--moduleNameMapper',
      JSON.stringify(mapped),
      // What the patched copy needs itself is where it was.
      '--modulePaths',
      MODULES,
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  expect(stderr).toContain('PASS test/transports/grpc/reflection/equality.test.ts');
  // What failed, where something has.
  const failures = stderr.split('\n').filter((line) => /^(FAIL|\s+●)/.test(line));
  expect({ status, failures }).toEqual({ status: 0, failures: [] });
}, 180_000);
