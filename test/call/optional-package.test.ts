import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);
let folder: string;

/** Puts the package, as it is built, where a user has all that it may need but what is `missing`. */
function install(name: string, missing: readonly string[]): string {
  const packages = readdirSync(join(root, 'node_modules')).filter((each) => /^[a-z@]/.test(each));
  const place = join(folder, name);
  mkdirSync(join(place, 'node_modules'), { recursive: true });
  for (const each of packages.filter((one) => !missing.includes(one))) {
    symlinkSync(join(root, 'node_modules', each), join(place, 'node_modules', each), 'dir');
  }
  copyFileSync(join(root, 'package.json'), join(place, 'package.json'));
  symlinkSync(join(folder, 'build'), join(place, 'build'), 'dir');
  return place;
}

async function printedBy(place: string, program: string): Promise<unknown> {
  // Links stay what they are, so that packages are looked for where the user has them.
  const args = ['--preserve-symlinks', '-e', program];
  const { stdout, stderr } = await run(process.execPath, args, { cwd: place });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-build-'));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(folder, 'build')];
  await run(process.execPath, [tsc, ...args]);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TOKEN = `
  const { createHmac } = require('node:crypto');
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const secret = 's'.repeat(32);
  const exp = Math.floor(Date.now() / 1000) + 600;
  const body = encode({ alg: 'HS256' }) + '.' + encode({ iss: 'i', aud: 'a', sub: 'ann', exp });
  const token = body + '.' + createHmac('sha256', secret).update(body).digest('base64url');
`;

test('the built package loads jose and rate-limiter-flexible in plain Node', async () => {
  const program = `${TOKEN}
    const { getGatewayControllers, jwtAuth, rateLimit } = require('./build');
    const applyTo = ['api'];
    const options = { secret, issuer: 'i', audience: 'a', headers: {}, applyTo };
    const interceptors = [jwtAuth(options), rateLimit({ points: 1, durationSec: 60, applyTo })];
    const s = { actions: { run: () => 'done' } };
    const { api } = getGatewayControllers({ root: { s } }, { interceptors });
    const call = (authorization) => api.s.run({ headers: { authorization } }).then(
      ({ responseData }) => responseData,
      ({ error }) => error.code,
    );
    (async () => {
      const answers = [await call('Bearer x'), await call('Bearer ' + token), await call('Bearer ' + token)];
      console.log(JSON.stringify(answers));
    })();`;
  const printed = await printedBy(install('all', []), program);
  expect(printed).toEqual(['UNAUTHENTICATED', 'done', 'RATE_LIMITED']);
});

test('without them all else works, and who asks for them is told the name of the package', async () => {
  const program = `
    const { bearerAuth, getGatewayControllers, jwtAuth, rateLimit } = require('./build');
    getGatewayControllers({ root: { s: { actions: { run: () => 1 } } } }, {
      interceptors: [bearerAuth({ verify: () => ({}) })],
    });
    const faultOf = (make) => { try { make(); } catch ({ code, message }) { return [code, message]; } };
    console.log(JSON.stringify([
      faultOf(() => jwtAuth({ secret: 's'.repeat(32), issuer: 'i', audience: 'a' })),
      faultOf(() => rateLimit({ points: 1, durationSec: 60 })),
    ]));`;
  const place = install('few', ['jose', 'rate-limiter-flexible']);
  const told = (factory: string, name: string) => [
    'MISSING_PACKAGE',
    `${factory} needs the package ${name}, which is not installed: npm install ${name}`,
  ];
  expect(await printedBy(place, program)).toEqual([
    told('jwtAuth', 'jose'),
    told('rateLimit', 'rate-limiter-flexible'),
  ]);
});

/** What the types that a user imports need, by the packages that declare it. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'));
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith('.')) visit(`${join(dirname(path), fileName)}.d.ts`);
      else packages.add(fileName);
    }
  };
  visit(file);
  return packages;
}

test('the types of the package need none of the optional ones', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const needed = [...packagesOf(join(folder, 'build', 'index.d.ts'))];
  expect(needed).toContain('axios');
  const ours = [...Object.keys(dependencies), ...builtinModules.map((name) => `node:${name}`)];
  expect(needed.filter((name) => !ours.includes(name))).toEqual([]);
});
