import type { GetAuthHeadersParams } from '../../lib';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';
import { startHeaderAction, ways } from './call-by';

const from = (source: string) => () => ({ authorization: source });
const get = { method: 'GET', path: '/a' };

test.each([
  ['action', { action: from('action'), service: from('service'), config: from('config') }],
  ['service', { service: from('service'), config: from('config') }],
  ['config', { config: from('config') }],
] as [string, Record<string, ReturnType<typeof from>>][])(
  'getAuthHeaders of the %s is the nearest and stands alone',
  async (nearest, { action, service, config }) => {
    const upstream = await startUpstream();
    const run = { ...get, ...(action && { getAuthHeaders: action }) };
    const definition = { endpoints: upstream.url, actions: { run } };
    const gateway = await startGateway(
      { root: { s: { ...definition, ...(service && { getAuthHeaders: service }) } } } as never,
      config && { getAuthHeaders: config },
    );
    await gateway.post('s/run');
    await (gateway.api as any).s.run();
    const sent = upstream.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual([nearest, nearest]);
  },
);

test('getAuthHeaders is told type, service name, request headers and auth args', async () => {
  const upstream = await startUpstream();
  const seen: GetAuthHeadersParams[] = [];
  const gateway = await startGateway(
    {
      root: { s: { serviceName: 'shown', endpoints: upstream.url, actions: { run: get } } },
    } as never,
    {
      getAuthArgs: () => ({ by: 'getAuthArgs' }),
      getAuthHeaders: (params) => {
        seen.push(params);
        return {};
      },
    },
  );
  await gateway.post('s/run', {}, { 'x-in': '1' });
  await (gateway.api as any).s.run({ headers: { 'x-in': '2' }, authArgs: { by: 'call' } });
  await (gateway.api as any).s.run();
  const told = (n: string | undefined, authArgs: unknown) => ({
    actionType: 'rest',
    serviceName: 'shown',
    requestHeaders: n === undefined ? {} : expect.objectContaining({ 'x-in': n }),
    authArgs,
    state: {},
  });
  expect(seen).toEqual([
    told('1', { by: 'getAuthArgs' }),
    told('2', { by: 'call' }),
    told(undefined, undefined),
  ]);
});

test.each(ways)('by %s, undefined as the result sends no auth header', async (way) => {
  const { by, sent } = await startHeaderAction({ config: { getAuthHeaders: () => undefined } });
  expect(await by(way, { authorization: 'Bearer browser' })).toMatchObject({ status: 200 });
  expect(sent()).not.toHaveProperty('authorization');
});

test('auth headers are awaited, over what was passed and beneath params', async () => {
  const { by, sent } = await startHeaderAction({
    config: {
      proxyHeaders: ['authorization', 'x-tenant'],
      getAuthHeaders: async () => Promise.resolve({ Authorization: 'service', 'x-tenant': '1' }),
    },
    action: { params: (_args, headers) => ({ headers: { ...headers, 'x-tenant': '2' } }) },
  });
  await by('controller', { authorization: 'browser', 'x-tenant': '0' });
  expect(sent()).toMatchObject({ authorization: 'service', 'x-tenant': '2' });
});

test.each(ways)('by %s, a failing getAuthHeaders sends nothing', async (way) => {
  const { by, upstream } = await startHeaderAction({
    config: { getAuthHeaders: () => Promise.reject(new Error('no token')) },
  });
  expect(await by(way)).toMatchObject({ status: 500 });
  expect(upstream.requests).toHaveLength(0);
});

test('concurrent calls never share auth headers', async () => {
  const { by, upstream } = await startHeaderAction({
    config: {
      getAuthHeaders: async ({ requestHeaders }) => {
        await new Promise((resolve) => setImmediate(resolve));
        return { authorization: `for ${String(requestHeaders['x-user'])}` };
      },
    },
    action: { proxyHeaders: ['x-user'] },
  });
  const users = Array.from({ length: 40 }, (_value, at) => `user-${at}`);
  await Promise.all(users.map((user, at) => by(ways[at % 2]!, { 'x-user': user })));
  const pairs = upstream.requests.map(({ headers }) => [headers['x-user'], headers.authorization]);
  expect(pairs.sort()).toEqual(users.map((user) => [user, `for ${user}`]).sort());
});
