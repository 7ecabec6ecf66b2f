import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DESCRIPTOR, makeProject } from './temporary-project';

const ROOT = join(__dirname, '..', '..');
const stock = readFileSync(join(ROOT, 'node_modules', 'protobufjs', DESCRIPTOR), 'utf8');
const WORKS_WITHOUT = "the gateway's own reflection works without it";

function makeInstalled() {
  const project = makeProject();
  project.install('protobufjs', 'node_modules/protobufjs');
  project.install('grpc-reflection-js', 'node_modules/grpc-reflection-js');
  return project;
}

test('patches what is installed, says so, and exits with 0', () => {
  const { run, read } = makeInstalled();
  const { status, lines, stderr } = run();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(lines).toEqual([
    expect.stringMatching(/^protobufjs 7\.\S+ \(node_modules\/protobufjs\): patched$/),
    'grpc-reflection-js 0.3.0 (node_modules/grpc-reflection-js): patched',
  ]);
  expect(read('node_modules/protobufjs', DESCRIPTOR)).not.toBe(stock);
});

test('a second run changes nothing', () => {
  const { run, path } = makeInstalled();
  run();
  const file = path('node_modules/protobufjs', DESCRIPTOR);
  const before = statSync(file);
  const { status, lines } = run();
  expect(status).toBe(0);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/: is patched already$/);
  const after = statSync(file);
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test('a package that is missing is nothing to do, with --strict and --check too', () => {
  for (const args of [[], ['--strict'], ['--check']]) {
    expect(makeProject().run(args)).toMatchObject({
      status: 0,
      lines: [
        'protobufjs is not installed, nothing to do',
        'grpc-reflection-js is not installed, nothing to do',
      ],
    });
  }
});

test.each([
  [[], 0],
  [['--strict'], 1],
  [['--check'], 1],
])('a version that no patch fits is one line; with %j the exit code is %d', (args, status) => {
  const { run, read, install } = makeProject();
  install('protobufjs', 'node_modules/protobufjs', '9.0.0');
  const result = run(args);
  expect(result.status).toBe(status);
  expect(result.lines[0]).toBe(
    `protobufjs 9.0.0 (node_modules/protobufjs): no patch fits this version; ${WORKS_WITHOUT}`,
  );
  expect(read('node_modules/protobufjs', DESCRIPTOR)).toBe(stock);
});

test('--check writes nothing and fails until everything is patched', () => {
  const { run, read } = makeInstalled();
  expect(run(['--check'])).toMatchObject({ status: 1 });
  expect(read('node_modules/protobufjs', DESCRIPTOR)).toBe(stock);
  run();
  expect(run(['--check'])).toMatchObject({ status: 0 });
});

test('--dry-run says what would be done and writes nothing', () => {
  const { run, read } = makeInstalled();
  const { status, lines } = run(['--dry-run']);
  expect(status).toBe(0);
  for (const line of lines) expect(line).toMatch(/: would be patched$/);
  expect(read('node_modules/protobufjs', DESCRIPTOR)).toBe(stock);
});

test('--reverse puts back exactly what was there', () => {
  const { run, read } = makeInstalled();
  run();
  expect(run(['--reverse', '--dry-run']).lines[0]).toMatch(/: would be put back$/);
  expect(run(['--reverse'])).toMatchObject({ status: 0 });
  expect(read('node_modules/protobufjs', DESCRIPTOR)).toBe(stock);
  expect(run(['--reverse']).lines[0]).toMatch(/: has no patch of ours$/);
});

describe("the user's own patches", () => {
  test('elsewhere in the file stay, through --reverse too', () => {
    const { run, read, write } = makeInstalled();
    const own = `${stock}\n// patched by the project\n`;
    write(join('node_modules/protobufjs', DESCRIPTOR), own);
    write('patches/protobufjs+7.6.6.patch', 'a patch of the project');
    expect(run()).toMatchObject({ status: 0 });
    expect(read('node_modules/protobufjs', DESCRIPTOR)).toMatch(/patched by the project\n$/);
    run(['--reverse']);
    expect(read('node_modules/protobufjs', DESCRIPTOR)).toBe(own);
    expect(read('patches/protobufjs+7.6.6.patch')).toBe('a patch of the project');
  });

  test.each([
    [[], 0],
    [['--strict'], 1],
  ])('of the same lines are left alone; with %j the exit code is %d', (args, status) => {
    const { run, read, write } = makeInstalled();
    const own = stock.replaceAll('mapEntry', 'isMapEntry');
    expect(own).not.toBe(stock);
    write(join('node_modules/protobufjs', DESCRIPTOR), own);
    const result = run(args);
    expect(result.status).toBe(status);
    expect(result.lines[0]).toContain('its files were changed by somebody else, it is left alone');
    expect(read('node_modules/protobufjs', DESCRIPTOR)).toBe(own);
  });

  test('where one file of a package fits and another does not, none is written', () => {
    const project = makeInstalled();
    const file = 'node_modules/grpc-reflection-js/build/src/descriptor.js';
    const client = project.read('node_modules/grpc-reflection-js/build/src/client.js');
    project.write(file, '// other');
    project.run();
    expect(project.read('node_modules/grpc-reflection-js/build/src/client.js')).toBe(client);
    expect(project.read(file)).toBe('// other');
  });
});

describe('it finds copies', () => {
  test('that are nested, scoped packages among the owners', () => {
    const { run, install } = makeProject();
    install('protobufjs', 'node_modules/@scope/one/node_modules/protobufjs');
    install('protobufjs', 'node_modules/two/node_modules/three/node_modules/protobufjs');
    const { lines } = run();
    expect(lines.filter((line) => line.endsWith(': patched')).sort()).toEqual([
      expect.stringContaining('(node_modules/@scope/one/node_modules/protobufjs)'),
      expect.stringContaining('(node_modules/two/node_modules/three/node_modules/protobufjs)'),
    ]);
  });

  test('of npm workspaces, wherever in them it is started', () => {
    const { run, install, write, path } = makeProject({ name: 'whole', workspaces: ['apps/*'] });
    install('protobufjs', 'node_modules/protobufjs');
    write('apps/web/package.json', '{"name":"web"}');
    install('protobufjs', 'apps/web/node_modules/protobufjs');
    const { lines } = run([], { cwd: path('apps/web') });
    expect(lines.filter((line) => line.endsWith(': patched'))).toHaveLength(2);
  });

  test("in pnpm's store, once each", () => {
    const { run, install, path } = makeProject();
    const store = 'node_modules/.pnpm/protobufjs@7.6.6/node_modules/protobufjs';
    install('protobufjs', store);
    symlinkSync(path(store), path('node_modules/protobufjs'));
    symlinkSync(path('node_modules'), path('node_modules/.pnpm/loop'));
    const { lines, status } = run();
    expect(status).toBe(0);
    expect(lines[0]).toContain(`(${store}): patched`);
    expect(lines).toHaveLength(2);
  });

  test('but none outside of the project', () => {
    const outside = makeInstalled();
    const { run, write, path } = makeProject();
    write('node_modules/.keep', '');
    symlinkSync(outside.path('node_modules/protobufjs'), path('node_modules/protobufjs'));
    expect(run().lines[0]).toBe('protobufjs is not installed, nothing to do');
    expect(outside.read('node_modules/protobufjs', DESCRIPTOR)).toBe(stock);
  });

  test('where npm says that it was started, in a postinstall script', () => {
    const project = makeInstalled();
    const { status, lines } = makeProject().run([], { env: { INIT_CWD: project.folder } });
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/: patched$/);
  });
});

test('a file that is linked into other projects is replaced, not written', () => {
  const { run, path, link, read } = makeInstalled();
  const file = join('node_modules/protobufjs', DESCRIPTOR);
  link(file, 'linked.js');
  chmodSync(path(file), 0o640);
  run();
  expect(read('linked.js')).toBe(stock);
  expect(read(file)).not.toBe(stock);
  expect(statSync(path(file)).mode & 0o777).toBe(0o640);
});

test.each([
  [[], 0],
  [['--strict'], 1],
])('a folder that cannot be written is told of, with %j by exit code %d', (args, status) => {
  const { run, read, path, folder } = makeInstalled();
  chmodSync(folder, 0o755);
  chmodSync(path('node_modules/protobufjs/ext/descriptor'), 0o555);
  chmodSync(path('node_modules/grpc-reflection-js/build/src'), 0o555);
  // Nothing is closed to root.
  const uid = process.getuid?.() === 0 ? { uid: 65534 } : {};
  const result = run(args, uid);
  expect(result.status).toBe(status);
  expect(result.lines[0]).toMatch(/: cannot be written, nothing is changed: EACCES/);
  expect(read('node_modules/protobufjs', DESCRIPTOR)).toBe(stock);
  expect(readdirSync(path('node_modules/protobufjs/ext/descriptor'))).toEqual(['index.js']);
});

test('--help shows the options', () => {
  const { status, lines } = makeProject().run(['--help']);
  expect(status).toBe(0);
  for (const option of ['--check', '--reverse', '--dry-run', '--strict']) {
    expect(lines.join('\n')).toContain(option);
  }
});

test.each([[['--unknown']], [['file']], [['--check', '--reverse']]])(
  '%j is wrong usage: exit code 2',
  (args) => {
    const { status, lines } = makeInstalled().run(args);
    expect(status).toBe(2);
    expect(lines.join('\n')).toContain('Usage: gateway-reflection-patch');
  },
);
