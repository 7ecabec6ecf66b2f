import { getGatewayControllers, rest } from '../../lib';
import { deepFreeze } from '../fakes/deep-freeze';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

function users(url: string, name: string) {
  return {
    endpoints: url,
    getAuthHeaders: () => ({ 'x-service': name }),
    actions: { get: rest<{ ok: boolean }>()({ method: 'GET', path: `/${name}` }) },
  };
}

test('the same service and action in two scopes are two actions', async () => {
  const [first, second] = [await startUpstream(), await startUpstream()];
  const { api, post } = await startGateway({
    root: { users: users(first.url, 'first') },
    other: { users: users(second.url, 'second') },
  });
  await api.users.get();
  await post('other/users/get');
  const seen = [first, second].map(({ requests }) =>
    requests.map(({ url, headers }) => [url, headers['x-service']]),
  );
  expect(seen).toEqual([[['/first', 'first']], [['/second', 'second']]]);
});

test('two gateways over one schema differ in config and live apart', async () => {
  const upstream = await startUpstream();
  const schemas = { root: { users: users(upstream.url, 'one') } };
  const proxied = (value: string) => ({ proxyHeaders: () => ({ 'x-gateway': value }) });
  const first = await startGateway(schemas, { ...proxied('first'), actions: [] });
  const second = await startGateway(schemas, proxied('second'));
  await first.api.users.get();
  await second.api.users.get();
  expect(upstream.requests.map(({ headers }) => headers['x-gateway'])).toEqual(['first', 'second']);
  expect((await first.post('users/get')).status).toBe(404);
  expect((await second.post('users/get')).status).toBe(200);
  await first.gateway.close();
  await expect(first.api.users.get()).rejects.toMatchObject({ error: { code: 'GATEWAY_CLOSED' } });
  await expect(second.api.users.get()).resolves.toMatchObject({ responseData: { ok: true } });
});

test('two schemas with the same $id of a validationSchema are built side by side', async () => {
  const action = (name: string) => ({
    method: 'GET' as const,
    path: '/',
    validationSchema: { $id: 'args', required: [name] },
  });
  const upstream = await startUpstream();
  const service = (name: string) => ({
    users: { endpoints: upstream.url, actions: { get: action(name) } },
  });
  const { api } = await startGateway({ root: service('id'), other: service('name') });
  await expect(api.users.get({ args: { id: 1 } } as never)).resolves.toBeDefined();
  await expect(api.other.users.get({ args: { id: 1 } } as never)).rejects.toBeDefined();
});

test('T4: a frozen schema and a frozen config stay as they are', async () => {
  const upstream = await startUpstream();
  const schemas = deepFreeze({ root: { users: users(upstream.url, 'one') } });
  const config = deepFreeze({
    limits: { queue: 10 },
    axiosConfig: { headers: { 'x-own': 'own' } },
    actions: ['root.*'],
  });
  const { post } = await startGateway(schemas, config);
  expect((await post('users/get')).status).toBe(200);
  expect(upstream.last.headers['x-own']).toBe('own');
});

test('a change of the schema after building changes nothing', async () => {
  const upstream = await startUpstream();
  const schema = { users: users(upstream.url, 'one') };
  const { api } = await startGateway({ root: schema });
  schema.users.endpoints = 'http://127.0.0.1:1';
  schema.users.actions = {} as never;
  await expect(api.users.get()).resolves.toMatchObject({ responseData: { ok: true } });
});

test('a gateway without scopes, services or actions is built', async () => {
  expect(getGatewayControllers({}).api).toEqual({});
  const { post } = await startGateway({ root: {}, other: { users: { actions: {} } } });
  expect((await post('other/users/get')).json).toMatchObject({ code: 'UNKNOWN_SERVICE_ACTION' });
});
