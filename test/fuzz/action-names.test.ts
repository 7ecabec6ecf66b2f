import fc from 'fast-check';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';
import { anyText, ODD_NAMES } from './arbitraries';
import { expectAnswer } from './expect-answer';
import { createClient } from './front-door';
import { property } from './property';

const NAMES = ['users', 'list', '_hidden', 'odd name', 'a.b', 'then', 'имя', '%2e', '*', 'a/b'];
const SCOPES = ['root', ...NAMES];

let hooks = 0;
let upstream: Awaited<ReturnType<typeof startUpstream>>;
let ask: Record<4 | 5, ReturnType<typeof createClient>>;

/** Where the upstream is told which action was called. */
const pathOf = (names: string[]) => `/${Buffer.from(JSON.stringify(names)).toString('hex')}`;

/** The same names for scopes, services and actions. */
function createSchemas(): any {
  const fill = (names: string[], make: (name: string) => object) =>
    Object.fromEntries(names.map((name) => [name, make(name)]));
  const actionsOf = (...place: string[]) =>
    fill(NAMES, (name) => ({ method: 'GET', path: pathOf([...place, name]) }));
  return fill(SCOPES, (scope) =>
    fill(NAMES, (service) => ({ endpoints: upstream.url, actions: actionsOf(scope, service) })),
  );
}

async function start(express: 4 | 5) {
  const config = { onBeforeAction: () => void hooks++ };
  const { app, port } = await startGateway(createSchemas(), config, { express });
  // What Express does not give to the gateway at all.
  const refuse = (res: any, status: number) => res.status(status).end();
  app.use((_req: unknown, res: any) => refuse(res, 404));
  app.use((_error: unknown, _req: unknown, res: any, _next: unknown) => refuse(res, 400));
  return createClient(port);
}

beforeAll(async () => {
  upstream = await startUpstream();
  ask = { 4: await start(4), 5: await start(5) };
});

/** Ways in which a name may stand in a request line. */
const RIGHT = [
  (name: string) => encodeURIComponent(name),
  (name: string) => Buffer.from(name).toString('hex').replace(/../g, '%$&'),
];
const ODD = [
  (name: string) => encodeURIComponent(encodeURIComponent(name)),
  (name: string) => name.replace(/[^\x21-\x7e]/gu, encodeURIComponent),
  (name: string) => encodeURIComponent(name).toLowerCase(),
  (name: string) => encodeURIComponent(name).replaceAll('%', '%25'),
];

const known = fc.constantFrom(...NAMES);
const segmentOf = (name: fc.Arbitrary<string>, ways = [...RIGHT, ...ODD]) =>
  fc.tuple(name, fc.constantFrom(...ways)).map(([text, encode]) => encode(text.toWellFormed()));
const nearly = fc
  .tuple(fc.constantFrom('', '_', '.', ' ', '\0', '/'), known, fc.constantFrom('', '*', '.', ' '))
  .map((parts) => parts.join(''));
const segment = fc.oneof(
  { weight: 3, arbitrary: segmentOf(fc.constantFrom(...SCOPES)) },
  segmentOf(nearly),
  segmentOf(fc.constantFrom(...ODD_NAMES)),
  segmentOf(anyText),
);
const express = fc.constantFrom<4 | 5>(4, 5);
const method = fc.constantFrom('GET', 'POST');

/** Scope, service and action of a request line; undefined where it has no three names. */
function readNames(path: string): string[] | undefined {
  const [beforeQuery = ''] = path.split(/[?#]/, 1);
  const segments = beforeQuery.replace(/\/$/, '').split('/');
  try {
    const names = segments.map(decodeURIComponent);
    return names.length === 2 ? ['root', ...names] : names;
  } catch {
    return undefined;
  }
}

function isReachable([scope = '', service = '', name = '']: string[]): boolean {
  const isThere = SCOPES.includes(scope) && NAMES.includes(service) && NAMES.includes(name);
  return isThere && !name.startsWith('_');
}

async function run(version: 4 | 5, sent: { path: string; method: string }) {
  hooks = 0;
  upstream.requests.length = 0;
  const path = `/gateway/${sent.path}`;
  const answer = await ask[version]({ ...sent, path });
  return { answer, called: upstream.requests.map(({ url }) => url) };
}

const anyPath = fc.array(segment, { minLength: 2, maxLength: 3 }).map((all) => all.join('/'));

property(
  'I1 I2: whatever names are asked for, only the public action of these names is called',
  fc.record({ version: express, method, path: anyPath }),
  async ({ version, ...sent }) => {
    const { answer, called } = await run(version, sent);
    const names = readNames(sent.path) ?? [];
    if (answer.status === 200) {
      expect(isReachable(names)).toBe(true);
      expect(called).toEqual([pathOf(names)]);
    } else {
      if (answer.text !== '') expect(expectAnswer(answer)?.code).toMatch(/^UNKNOWN_SERVICE/);
      expect([400, 404]).toContain(answer.status);
      expect({ called, hooks }).toEqual({ called: [], hooks: 0 });
    }
  },
);

const right = fc.tuple(fc.constantFrom(...SCOPES), known, known).chain((names) => {
  const path = fc.tuple(...names.map((name) => segmentOf(fc.constant(name), RIGHT)));
  return fc.record({ names: fc.constant(names), path: path.map((all) => all.join('/')) });
});

property(
  'I1 I2: an action is called by its names, and a private one by none, however they are encoded',
  fc.record({ version: express, method, right }),
  async ({ version, method: by, right: { names, path } }) => {
    const { answer, called } = await run(version, { method: by, path });
    const isPublic = isReachable(names);
    expect(answer.status).toBe(isPublic ? 200 : 404);
    expect(called).toEqual(isPublic ? [pathOf(names)] : []);
  },
);
