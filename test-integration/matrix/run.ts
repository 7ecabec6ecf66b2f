import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(__dirname, '..', '..');
const VERSIONS = ['20', '22', '24'];
/** Every host, gRPC of all kinds, reflection, shutdown: what differs between versions of Node first. */
const SHORT = [
  'test-integration/hosts',
  'test/transports/grpc/(stream-call|faults|deadline|retry|reflection/faults)',
  'test/transports/rest/(streams|slow-upstream|broken-upstream)',
];
const FULL = ['test-integration/'];

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, node: { type: 'string', multiple: true } },
});

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}

/** The binary of a version: this one, or that of the npm package that carries it. */
function findNode(version: string): string {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, '.out', `node-${version}`);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  run('npm', [
    'install',
    '--no-save',
    '--no-package-lock',
    '--prefix',
    folder,
    `${name}@${version}`,
  ]);
  return binary;
}

for (const version of values.node ?? VERSIONS) {
  const node = findNode(version);
  console.log(`== Node ${version}`);
  run(node, ['--version']);
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  run(node, ['--unhandled-rejections=strict', jest, ...(values.short ? SHORT : FULL)]);
}
