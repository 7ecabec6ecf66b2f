import fc from 'fast-check';
import { getGatewayControllers } from '../../lib';
import { deepFreeze } from '../fakes/deep-freeze';
import { startUpstream } from '../servers/start-upstream';
import { anyJson, anyText, ODD_NAMES } from './arbitraries';
import { SECRET } from './expect-answer';
import { property } from './property';

const VARIABLE = 'GATEWAY_ENDPOINTS_OVERRIDES';
const INVALID_JSON = 'Error when parse GATEWAY_ENDPOINTS_OVERRIDES';
const SCOPES = ['root', 'a', 'a.b', '__proto__'];
const SERVICES = ['users', 'b.users', 'constructor'];
const NAMES = ['endpoint', 'toString', '__proto__', 'added'];

let warn: jest.SpyInstance;
let old: Awaited<ReturnType<typeof startUpstream>>;
let fresh: Awaited<ReturnType<typeof startUpstream>>;

const answer = (_request: unknown, response: any) => response.end();
beforeAll(async () => {
  [old, fresh] = [await startUpstream(answer), await startUpstream(answer)];
  warn = jest.spyOn(console, 'warn').mockReturnValue();
});
afterAll(() => warn.mockRestore());
afterEach(() => delete process.env[VARIABLE]);

const fill = (names: string[], make: () => object) =>
  Object.fromEntries(names.map((name) => [name, make()]));

/** Each service has an endpoint as text and one as an object; `added` is not there. */
function createSchemas(): any {
  const here = {
    endpoint: old.url,
    toString: { path: old.url, axiosConfig: { headers: { 'x-key': SECRET } } },
  };
  const endpoints = { main: { test: here }, other: { test: { endpoint: old.url } } };
  const actions = {
    get: { method: 'GET', path: '/' },
    ...Object.fromEntries(
      NAMES.map((endpoint) => [`of ${endpoint}`, { method: 'GET', path: '/', endpoint }]),
    ),
  };
  return deepFreeze(fill(SCOPES, () => fill(SERVICES, () => ({ endpoints, actions }))));
}

/** A gateway as it is built with the variable, with what it warned of. */
function build(text: string) {
  warn.mockClear();
  process.env[VARIABLE] = text;
  try {
    const schemas = createSchemas();
    return getGatewayControllers(schemas, { installation: 'main', env: 'test' }).api as any;
  } finally {
    delete process.env[VARIABLE];
  }
}

/** Only the text of the variable that is no JSON, and one line about names. */
function expectWarnings(text: string): void {
  const calls = warn.mock.calls as [string, unknown][];
  expect(calls.length).toBeLessThanOrEqual(1);
  let parsed: unknown;
  try {
    parsed = text === '' ? {} : JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (!isObject) expect(calls).toEqual([[INVALID_JSON, expect.any(Error)]]);
  else if (calls[0]) expect(calls[0]).toEqual([expect.stringContaining(VARIABLE)]);
  for (const [told] of calls) expect(told).not.toContain(SECRET);
}

async function ask(api: any, [scope, service, action]: string[]): Promise<string> {
  for (const { requests } of [old, fresh]) requests.length = 0;
  const run = api[scope!][service!][action!];
  const [{ status, reason }]: any = await Promise.allSettled([run()]);
  if (status === 'fulfilled') return fresh.requests.length > 0 ? 'fresh' : 'old';
  expect(reason.error).toMatchObject({
    code: expect.stringMatching(/./),
    status: expect.any(Number),
  });
  return reason.error.code;
}

function tryToBuild(text: string): [api?: any, error?: unknown] {
  try {
    return [build(text)];
  } catch (error) {
    return [undefined, error];
  }
}

const anyOverrides = fc.oneof(
  anyText,
  anyJson.value.map((value) => JSON.stringify(value)),
  fc.json(),
);
const serviceKey = fc.oneof(
  fc
    .tuple(fc.constantFrom('', ...SCOPES), fc.constantFrom(...SERVICES, 'ghosts'))
    .map(([scope, service]) => {
      return scope === '' ? service : `${scope}.${service}`;
    }),
  anyText,
);
const near = (value: fc.Arbitrary<unknown>) =>
  fc
    .array(
      fc.tuple(serviceKey, fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 3 })),
      { maxLength: 3 },
    )
    .map((all) =>
      JSON.stringify(
        Object.fromEntries(all.map(([key, names]) => [key, Object.fromEntries(names)])),
      ),
    );

property(
  'G6 I7 X4: whatever the variable says, the gateway is built or says why not, with one warning',
  fc.oneof(
    anyOverrides,
    near(anyJson.value),
    near(fc.constantFrom('', 'x', { path: 'x' }, { path: 5 })),
  ),
  async (text) => {
    const [api, error] = tryToBuild(text);
    if (error) expect(error).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) });
    // None of these is a URL: what is not refused does not go elsewhere.
    else expect(await ask(api, ['root', 'users', 'get'])).toMatch(/^old$|^[A-Z_]+$/);
    expectWarnings(text);
  },
);

/** Which services a key names: the service of the root scope with this very name, else `scope.service`. */
function findService(key: string): string | undefined {
  if (SERVICES.includes(key)) return `root ${key}`;
  for (const scope of SCOPES) {
    const service = SERVICES.find((one) => key === `${scope}.${one}`);
    if (service !== undefined) return `${scope} ${service}`;
  }
  return undefined;
}

property(
  'an endpoint that the variable names is replaced, and no other',
  fc.record({
    key: fc.oneof(
      fc.constantFrom(...SERVICES),
      fc
        .tuple(fc.constantFrom(...SCOPES), fc.constantFrom(...SERVICES, ...ODD_NAMES))
        .map((pair) => pair.join('.')),
    ),
    name: fc.constantFrom(...NAMES),
    isObject: fc.boolean(),
    asked: fc.tuple(
      fc.constantFrom(...SCOPES),
      fc.constantFrom(...SERVICES),
      fc.constantFrom(...NAMES),
    ),
  }),
  async ({ key, name, isObject, asked: [scope, service, endpoint] }) => {
    const value = isObject ? { path: fresh.url } : fresh.url;
    const api = build(JSON.stringify({ [key]: Object.fromEntries([[name, value]]) }));
    const named = findService(key);
    const isNamed = named === `${scope} ${service}` && name === endpoint;
    const told = warn.mock.calls.flat().join();
    expect(told.includes(`: service ${JSON.stringify(key)}`)).toBe(named === undefined);
    const isThere = endpoint === 'endpoint' || endpoint === 'toString';
    const before = isThere ? 'old' : 'ENDPOINT_NOT_FOUND';
    expect(await ask(api, [scope, service, `of ${endpoint}`])).toBe(isNamed ? 'fresh' : before);
    const { requests } = isNamed ? fresh : old;
    // What an extended endpoint has beside its path stays.
    if (endpoint === 'toString') expect(requests[0]?.headers['x-key']).toBe(SECRET);
  },
);
