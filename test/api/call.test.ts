import { rest } from '../../lib';
import type { GatewayContext } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';

async function start(config: object = {}) {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('x-total', '2');
    response.setHeader('x-hidden', 'yes');
    sendJson(response, { id: '1' });
  });
  const users = {
    endpoints: upstream.url,
    getAuthHeaders: ({ authArgs }: { authArgs?: { token: string } }) => ({
      authorization: `Bearer ${authArgs?.token}`,
    }),
    actions: {
      get: rest<{ id: string }, { id?: string }>()({
        method: 'POST',
        path: '/users',
        params: (args) => ({ body: args }),
      }),
      counted: { method: 'GET', path: '/users', proxyResponseHeaders: ['x-total', 'x-absent'] },
      traced: {
        method: 'GET',
        path: '/users',
        proxyHeaders: (headers: Record<string, unknown>) => ({ 'x-own': headers['x-own'] }),
      },
    },
  } as const;
  const { api } = await startGateway({ root: { users } }, config);
  return { upstream, users: api.users };
}

test.each<[string, Parameters<Awaited<ReturnType<typeof start>>['users']['get']>]>([
  ['nothing', []],
  ['an empty call', [{}]],
  ['undefined', [undefined]],
  ['undefined members', [{ args: undefined, headers: undefined, ctx: undefined } as never]],
])('with %s a call has an id of its own and empty args', async (_name, parameters) => {
  const { upstream, users } = await start();
  await users.get(...parameters);
  await users.get(...parameters);
  const ids = upstream.requests.map(({ headers }) => headers['x-request-id']);
  expect(ids).toEqual([expect.stringMatching(/^[\w-]{36}$/), expect.stringMatching(/^[\w-]{36}$/)]);
  expect(ids[0]).not.toBe(ids[1]);
  expect(upstream.requests.map(({ json }) => json as unknown)).toEqual([{}, {}]);
});

test('what a call says is what is used', async () => {
  const { upstream, users } = await start();
  await users.traced({
    requestId: 'request-1',
    headers: { 'x-own': 'own', 'accept-language': 'ru' },
    authArgs: { token: 'secret' },
  });
  expect(upstream.last.headers).toMatchObject({
    'x-request-id': 'request-1',
    'x-own': 'own',
    'accept-language': 'ru',
    authorization: 'Bearer secret',
  });
});

test('ctx and user id of a call reach context and stats', async () => {
  const stats: [Record<string, unknown>, GatewayContext][] = [];
  const sendStats = (data: Record<string, unknown>, _headers: object, ctx: GatewayContext) =>
    void stats.push([data, ctx]);
  const { users } = await start({ sendStats });
  const { ctx, children } = createRecordingContext();
  await users.get({ ctx, userId: 'user-1' });
  expect(children()).toMatchObject([{ name: 'Gateway users get [rest]', ends: 1 }]);
  expect(stats).toMatchObject([[{ userId: 'user-1', action: 'get' }, {}]]);
  expect(stats[0]?.[1]).toBe(ctx);
});

test('a call resolves to data and debug headers, and to response headers where they are proxied', async () => {
  const { users } = await start();
  const plain = await users.get({ requestId: 'request-1' });
  expect({ ...plain }).toEqual({
    responseData: { id: '1' },
    debugHeaders: expect.objectContaining({
      'x-request-id': 'request-1',
      'x-api-request-method': 'POST',
    }),
  });
  const counted = await users.counted();
  expect(Object.keys(counted).sort()).toEqual(['debugHeaders', 'responseData', 'responseHeaders']);
  expect(counted.responseHeaders).toEqual({ 'x-total': '2' });
});

test('an answer can be kept as JSON', async () => {
  const { users } = await start();
  const answer = JSON.parse(JSON.stringify(await users.get())) as Record<string, unknown>;
  expect(answer).toMatchObject({ responseData: { id: '1' }, debugHeaders: {} });
  expect(Object.keys(answer['debugHeaders'] as object)).toContain('x-api-request-url');
});

test('T4: frozen calls, args and headers work and stay as they are', async () => {
  const { users } = await start();
  const args = Object.freeze({ id: '1' });
  const call = Object.freeze({ args, headers: Object.freeze({ 'x-own': 'own' }) });
  await expect(users.get(call)).resolves.toMatchObject({ responseData: { id: '1' } });
  expect(call).toEqual({ args: { id: '1' }, headers: { 'x-own': 'own' } });
});

test('an abort signal given to a call cancels it', async () => {
  const { upstream, users } = await start();
  const abortSignal = AbortSignal.abort();
  await expect(users.get({ abortSignal })).rejects.toMatchObject({
    error: { status: 499, code: 'ERR_CANCELED' },
  });
  expect(upstream.requests).toEqual([]);
});

test('private actions are there for callers on the server, not for clients', async () => {
  const actions = { _secret: () => Promise.resolve('told') };
  const { api, post } = await startGateway({ root: { users: { actions } } }, { actions: [] });
  expect((await api.users._secret()).responseData).toBe('told');
  expect((await post('users/_secret')).status).toBe(404);
});

test('config.actions limits clients, never callers on the server', async () => {
  const get = () => Promise.resolve('told');
  const { api, post } = await startGateway(
    { root: { users: { actions: { get } } } },
    { actions: [] },
  );
  expect((await api.users.get()).responseData).toBe('told');
  expect((await post('users/get')).status).toBe(404);
});
