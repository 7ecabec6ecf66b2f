import type { SchemasByScope } from '../../lib';
import { deepFreeze } from '../fakes/deep-freeze';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const place = { installation: 'main', env: 'production' };
const nowhere = 'http://127.0.0.1:1';
const get = { method: 'GET', path: '/path' } as const;
let warn: jest.SpyInstance;

beforeEach(() => {
  warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  warn.mockRestore();
  delete process.env['GATEWAY_ENDPOINTS_OVERRIDES'];
});

function override(overrides: unknown): void {
  const text = typeof overrides === 'string' ? overrides : JSON.stringify(overrides);
  process.env['GATEWAY_ENDPOINTS_OVERRIDES'] = text;
}

function inPlace(endpoints: unknown) {
  return { users: { endpoints: { main: { production: endpoints } }, actions: { get } } } as never;
}

async function callRoot(schema: SchemasByScope[string]) {
  const { post } = await startGateway({ root: schema }, place);
  return post('users/get');
}

const header = { headers: { 'x-kept': 'yes' } };
const other = { headers: { 'x-kept': 'no' } };

test.each<[string, unknown, (url: string) => unknown, string | undefined]>([
  ['a string replaces a string', nowhere, (url) => url, undefined],
  [
    'a string replaces the path and keeps the other properties',
    { path: nowhere, axiosConfig: header },
    (url) => url,
    'yes',
  ],
  [
    'an object is merged into an extended endpoint',
    { path: nowhere, axiosConfig: header },
    (path) => ({ path }),
    'yes',
  ],
  [
    'a property of the object replaces that of the endpoint',
    { path: nowhere, axiosConfig: other },
    (path) => ({ path, axiosConfig: header }),
    'yes',
  ],
  ['an object replaces a string', nowhere, (path) => ({ path, axiosConfig: header }), 'yes'],
])('%s', async (_name, current, toOverride, kept) => {
  const upstream = await startUpstream();
  override({ users: { endpoint: toOverride(upstream.url) } });
  expect((await callRoot(inPlace({ endpoint: current }))).status).toBe(200);
  expect(upstream.last.headers['x-kept']).toBe(kept);
  expect(warn).not.toHaveBeenCalled();
});

test('an object without a path is merged into an extended endpoint', async () => {
  const upstream = await startUpstream();
  override({ users: { endpoint: { axiosConfig: header } } });
  await callRoot(inPlace({ endpoint: { path: upstream.url } }));
  expect(upstream.last.headers['x-kept']).toBe('yes');
});

test('endpoints that are one string are overridden by the name endpoint', async () => {
  const upstream = await startUpstream();
  override({ users: { endpoint: upstream.url } });
  expect((await callRoot({ users: { endpoints: nowhere, actions: { get } } })).status).toBe(200);
});

test('a service without endpoints gets one', async () => {
  const upstream = await startUpstream();
  override({ users: { endpoint: upstream.url } });
  expect((await callRoot({ users: { actions: { get } } })).status).toBe(200);
  expect(warn).toHaveBeenCalledTimes(1);
});

test.each([
  ['users', 'root'],
  ['root.users', 'root'],
  ['billing.users', 'billing'],
  ['with.dots.users.v1', 'with.dots'],
])('%s is a service of the scope %s', async (name, scope) => {
  const upstream = await startUpstream();
  override({ [name]: { endpoint: upstream.url } });
  const users = { endpoints: { main: { production: { endpoint: nowhere } } }, actions: { get } };
  const schema = { users, 'users.v1': users };
  const { api } = await startGateway({ root: schema, billing: schema, 'with.dots': schema }, place);
  const service = name.endsWith('.v1') ? 'users.v1' : 'users';
  for (const one of ['root', 'billing', 'with.dots'] as const) {
    const [called] = await Promise.allSettled([api[one][service].get()]);
    expect([one, called.status]).toEqual([one, one === scope ? 'fulfilled' : 'rejected']);
  }
});

test('the caller`s schema is never changed, only this installation and env are', async () => {
  const upstream = await startUpstream();
  const endpoints = deepFreeze({
    main: { production: { endpoint: { path: nowhere } }, testing: { endpoint: nowhere } },
    other: { production: { endpoint: nowhere } },
  });
  const before = JSON.stringify(endpoints);
  override({ users: { endpoint: upstream.url, added: upstream.url } });
  const schemas = deepFreeze({ root: { users: { endpoints, actions: { get } } } });
  const { post } = await startGateway(schemas, place);
  expect((await post('users/get')).status).toBe(200);
  expect(JSON.stringify(endpoints)).toBe(before);

  const elsewhere = await startGateway(schemas, { ...place, env: 'testing' });
  delete process.env['GATEWAY_ENDPOINTS_OVERRIDES'];
  const untouched = await startGateway(schemas, place);
  expect((await elsewhere.post('users/get')).status).toBe(200);
  expect((await untouched.post('users/get')).status).toBe(502);
});

test.each(['{', 'not json', '[]', '"text"', '5'])(
  'the text %s is warned of and nothing is overridden',
  async (text) => {
    const upstream = await startUpstream();
    override(text);
    expect((await callRoot(inPlace({ endpoint: upstream.url }))).status).toBe(200);
    const prefix = 'Error when parse GATEWAY_ENDPOINTS_OVERRIDES';
    expect(warn.mock.calls).toEqual([[prefix, expect.any(Error)]]);
  },
);

test('what the schemas do not have is told in one warning, and all else applies', async () => {
  const upstream = await startUpstream();
  override({
    ghosts: { endpoint: nowhere },
    'billing.users': { endpoint: nowhere },
    users: { endpoint: upstream.url, added: upstream.url, broken: 5, pathless: { insecure: true } },
  });
  const actions = { get, other: { ...get, endpoint: 'added' } };
  const users = { endpoints: { main: { production: { endpoint: nowhere } } }, actions };
  const { post } = await startGateway({ root: { users } }, place);
  expect((await post('users/get')).status).toBe(200);
  expect((await post('users/other')).status).toBe(200);
  expect(warn).toHaveBeenCalledTimes(1);
  const [text] = warn.mock.calls[0] as [string];
  for (const name of ['ghosts', 'billing.users', 'added', 'broken', 'pathless']) {
    expect(text).toContain(`"${name}"`);
  }
  expect(text).not.toContain('"endpoint"');
});

test('G6: an override that is no URL fails the build, naming the action', async () => {
  override({ users: { endpoint: 'upstream' } });
  await expect(callRoot(inPlace({ endpoint: nowhere }))).rejects.toMatchObject({
    code: 'INVALID_ENDPOINT',
    message: expect.stringContaining('root.users.get'),
  });
});

test('I7: names of the prototype are names like others', async () => {
  const upstream = await startUpstream();
  override(
    `{"__proto__": {"endpoint": "${nowhere}"}, "constructor": {"endpoint": "${nowhere}"},
      "users": {"__proto__": "${upstream.url}", "constructor": "${upstream.url}",
        "endpoint": {"path": "${upstream.url}", "__proto__": {"axiosConfig": {"url": "x"}}}}}`,
  );
  const named = (endpoint: string) => ({ ...get, endpoint });
  const actions = { get, proto: named('__proto__'), constructing: named('constructor') };
  const { post } = await startGateway({ root: { users: { endpoints: nowhere, actions } } }, place);
  for (const action of ['get', 'proto', 'constructing']) {
    expect([action, (await post(`users/${action}`)).status]).toEqual([action, 200]);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { axiosConfig?: unknown }).axiosConfig).toBeUndefined();
  const [text] = warn.mock.calls[0] as [string];
  expect(text).toContain('service "__proto__"');
  expect(text).toContain('service "constructor"');
});
