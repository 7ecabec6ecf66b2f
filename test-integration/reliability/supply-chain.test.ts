import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { promiseOnce } from './promise';

const ROOT = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const dependencies: Record<string, string> = manifest.dependencies;
const lock = JSON.parse(read('package-lock.json'));

/** Packages that the sources import as values. */
function importedPackages(): string[] {
  const files = ts.sys.readDirectory(join(ROOT, 'lib'), ['.ts']);
  const names = files.flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(ts.sys.readFile(file) ?? '', true, true);
    return importedFiles.map(({ fileName }) => fileName);
  });
  const isOutside = (name: string) => !/^(\.|node:)/.test(name) && !builtinModules.includes(name);
  const toPackage = (name: string) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/');
  return [...new Set(names.filter(isOutside).map(toPackage))].sort();
}

const FLOORS: Record<string, string> = {
  '@grpc/grpc-js': '1.14.4',
  ajv: '8.20.0',
  axios: '1.18.0',
  protobufjs: '7.6.6',
  undici: '7.29.0',
};

const isAtLeast = (version: string, floor: string) =>
  version.localeCompare(floor, 'en', { numeric: true }) >= 0;

promiseOnce('P1', 'Runtime dependencies are few, and the README says why each is there.', () => {
  const allowed = ['@grpc/grpc-js', 'ajv', 'axios', 'axios-retry', 'diff', 'protobufjs', 'undici'];

  test('there are no others', () => {
    expect(Object.keys(dependencies).sort()).toEqual(allowed);
  });

  test.each(allowed)('%s has its reason in the README', (name) => {
    expect(read('README.md')).toMatch(new RegExp(`^\\| ${name} +\\| \\S.{20}`, 'm'));
  });

  test('nothing else is imported, and nothing is there in vain', () => {
    const known = [...allowed, ...Object.keys(manifest.peerDependencies)];
    const imported = importedPackages();
    expect(known).toEqual(expect.arrayContaining(imported));
    expect(imported).toEqual(expect.arrayContaining(allowed));
  });

  test('all peers but Express are optional', () => {
    const required = Object.keys(manifest.peerDependencies).filter(
      (name) => manifest.peerDependenciesMeta[name]?.optional !== true,
    );
    expect(required).toEqual(['express']);
  });
});

promiseOnce(
  'P1',
  'grpc-js and protobufjs are loaded with the first gRPC action, not before.',
  () => {
    const rest = { run: { method: 'GET', path: '/a' } };
    const get = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };
    test.each([
      ['without gRPC actions', rest, []],
      ['with one', { ...rest, get }, ['@grpc/grpc-js', 'protobufjs']],
    ])('%s', async (_name, actions, libraries) => {
      const endpoints = {
        a: { b: { endpoint: 'http://127.0.0.1:1', grpcEndpoint: '127.0.0.1:1' } },
      };
      const schema = { root: { items: { endpoints, actions } } };
      const source = `
      const { getGatewayControllers } = require(${JSON.stringify(join(ROOT, 'lib', 'index.ts'))});
      const includeProtoRoots = [${JSON.stringify(join(ROOT, 'test/transports/grpc/protos'))}];
      const config = { installation: 'a', env: 'b', includeProtoRoots };
      getGatewayControllers(${JSON.stringify(schema)}, config);
      const loaded = ['@grpc/grpc-js', 'protobufjs', '@grpc/proto-loader'].filter((name) =>
        Object.keys(require.cache).some((path) => path.includes('/node_modules/' + name + '/')));
      console.log(JSON.stringify(loaded));`;
      const args = ['--require', 'tsx/cjs', '--eval', source];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
      expect(JSON.parse(stdout)).toEqual(libraries);
    });
  },
);

promiseOnce(
  'P2',
  'A lockfile fixes every package with its hash, and CI asks for known vulnerabilities.',
  () => {
    test('the lockfile', () => {
      expect(lock.lockfileVersion).toBe(3);
      expect(lock.packages['']).toMatchObject({ version: manifest.version, dependencies });
      const installed = Object.entries<any>(lock.packages).filter(([at]) =>
        at.includes('node_modules/'),
      );
      expect(installed.length).toBeGreaterThan(50);
      for (const [at, one] of installed) {
        expect([at, one.link ?? one.inBundle ?? one.integrity]).toEqual([at, expect.anything()]);
      }
    });

    test('CI installs by it, and runs the audit without failing where no registry answers', () => {
      const ci = read('.ci/run');
      expect(ci).toMatch(/^npm ci\b/m);
      expect(ci).toMatch(/npm audit --omit=dev --audit-level=high/);
      expect(ci).toMatch(/^audit$/m);
      expect(ci).toContain('skipped: the registry does not answer');
    });
  },
);

promiseOnce('P3', 'Ranges of dependencies are carets over safe floors, never exact pins.', () => {
  test.each(Object.keys(dependencies))('%s', (name) => {
    const range = dependencies[name] ?? '';
    expect(range).toMatch(/^\^\d+\.\d+\.\d+$/);
    expect(isAtLeast(range.slice(1), FLOORS[name] ?? '0.0.0')).toBe(true);
  });

  test.each(Object.keys(FLOORS))('%s as installed is not below its floor', (name) => {
    const { version } = lock.packages[`node_modules/${name}`];
    expect(isAtLeast(version, FLOORS[name] ?? '')).toBe(true);
    expect(Object.keys(dependencies)).toContain(name);
  });
});

promiseOnce('P4', 'Installing the package runs no script.', () => {
  test('of its own', () => {
    const names = Object.keys(manifest.scripts);
    const run = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
    expect(names.filter((name) => run.includes(name))).toEqual([]);
    expect(manifest.gypfile).toBeUndefined();
  });
});

promiseOnce(
  'P5',
  'SECURITY.md is part of the package, and says what is trusted and how to report.',
  () => {
    test('its chapters', () => {
      const text = read('SECURITY.md');
      expect(manifest.files).toContain('SECURITY.md');
      expect(text).toMatch(/^## Reporting$/m);
      expect(text).toMatch(/^## Who is trusted$/m);
      expect(text).toMatch(/Clients are not:/);
      expect(text).toMatch(/Upstreams are not:/);
      expect(text).toMatch(/Schemas, config, hooks, interceptors and the environment are\./);
      expect(text).toMatch(/^## What is defended, and what shows it$/m);
      expect(text).toMatch(/^## What is the operator's job$/m);
    });
  },
);
