import { getTypedApiFactory } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';

type Api = any;

/** REST services behind an upstream that tells what it was asked, and mixed actions over them. */
async function start(mixedActions: Record<string, unknown>, config: object = {}) {
  const upstream = await startUpstream(({ url, headers }, response) =>
    sendJson(response, { url, id: headers['x-request-id'], token: headers['x-token'] }),
  );
  const service = {
    endpoints: upstream.url,
    getAuthHeaders: ({ authArgs }: { authArgs?: string }) => ({ 'x-token': authArgs }),
    actions: {
      get: { method: 'GET', path: ({ id }: { id: string }) => `/users/${id}` },
      _private: { method: 'GET', path: '/private' },
    },
  } as const;
  const pages = { actions: mixedActions } as Api;
  const gateway = await startGateway(
    { root: { users: service, pages }, billing: { accounts: service } },
    config,
  );
  return { ...gateway, upstream, pages: gateway.api.pages as Api };
}

test('functions take args and resolve to response data, in all scopes and in root', async () => {
  const { pages } = await start({
    page: async (api: Api) => [
      await api.users.get({ id: '1' }),
      await api.root.users.get({ id: '2' }),
      await api.billing.accounts.get({ id: '3' }),
      await api.users._private(),
    ],
  });
  const { responseData } = await pages.page();
  expect(responseData).toMatchObject([
    { url: '/users/1' },
    { url: '/users/2' },
    { url: '/users/3' },
    { url: '/private' },
  ]);
});

test('getTypedApiFactory gives back the very api', () => {
  const api = {};
  expect(getTypedApiFactory()(api)).toBe(api);
});

test('inner calls are bound to the calling request, however deep', async () => {
  const { pages, upstream } = await start({
    outer: (api: Api, args: object) => api.pages.middle(args),
    middle: (api: Api, args: object) => api.root.pages.inner(args),
    inner: (api: Api, args: object) => api.users.get(args),
  });
  await pages.outer({
    args: { id: '1' },
    requestId: 'request-1',
    authArgs: 'token-1',
    headers: { 'accept-language': 'ru' },
  });
  expect(upstream.last.url).toBe('/users/1');
  expect(upstream.last.headers).toMatchObject({
    'x-request-id': 'request-1',
    'x-token': 'token-1',
    'accept-language': 'ru',
  });
});

test('inner calls run in children of the action`s ctx, and report stats with its user', async () => {
  const stats: Record<string, unknown>[] = [];
  const { pages } = await start(
    { page: (api: Api) => api.users.get({ id: '1' }) },
    { sendStats: (data: Record<string, unknown>) => void stats.push(data) },
  );
  const { ctx, children } = createRecordingContext();
  await pages.page({ ctx, userId: 'user-1', requestId: 'request-1' });
  expect(children()).toMatchObject([
    { name: 'Gateway pages page [mixed]', ends: 1 },
    { name: 'Gateway users get [rest]', ends: 1 },
  ]);
  const same = { userId: 'user-1', requestId: 'request-1' };
  expect(stats).toMatchObject([
    { action: 'get', requestMethod: 'GET', ...same },
    { action: 'page', requestMethod: '', requestUrl: '', restStatus: 200, ...same },
  ]);
});

test.each(['api', 'http'])(
  'T5: concurrent calls over %s never see each other`s request',
  async (over) => {
    const { pages, post } = await start(
      {
        page: async (api: Api, { id }: { id: string }) => {
          const first = await api.users.get({ id });
          const [second, third] = await Promise.all([
            api.billing.accounts.get({ id }),
            api.pages.inner({ id }),
          ]);
          return [first, second, third];
        },
        inner: (api: Api, args: object) => api.users.get(args),
      },
      { getAuthArgs: (req: { headers: Record<string, string> }) => req.headers['x-user'] },
    );
    const callAs = async (id: string) => {
      if (over === 'http')
        return (await post('pages/page', { id }, { 'x-user': id, 'x-request-id': id })).json;
      return (await pages.page({ args: { id }, authArgs: id, requestId: id })).responseData;
    };
    const ids = Array.from({ length: 100 }, (_, index) => `user-${index}`);
    const answers = await Promise.all(ids.map(callAs));
    const own = ids.map((id) => Array<object>(3).fill({ url: `/users/${id}`, id, token: id }));
    expect(answers).toEqual(own);
  },
);

test('an api kept beyond its call still speaks for its own request', async () => {
  const kept: Api[] = [];
  const { pages } = await start({
    keep: (api: Api) => {
      kept.push(api);
      return Promise.resolve();
    },
  });
  await pages.keep({ authArgs: 'first' });
  await pages.keep({ authArgs: 'second' });
  await expect(kept[0].users.get({ id: '1' })).resolves.toMatchObject({ token: 'first' });
  await expect(kept[1].users.get({ id: '1' })).resolves.toMatchObject({ token: 'second' });
});

test('functions of the api can be taken off it', async () => {
  const { pages } = await start({
    page: (api: Api) => {
      const { get } = api.users;
      return Promise.all(['1', '2'].map((id) => get({ id })));
    },
  });
  expect((await pages.page()).responseData).toMatchObject([
    { url: '/users/1' },
    { url: '/users/2' },
  ]);
});

test('T4: frozen functions and schemas work', async () => {
  const page = Object.freeze(() => Promise.resolve('told'));
  const actions = Object.freeze({ page });
  const schemas = Object.freeze({ root: Object.freeze({ pages: Object.freeze({ actions }) }) });
  const { api } = await startGateway(schemas, Object.freeze({}));
  expect((await api.pages.page()).responseData).toBe('told');
});
