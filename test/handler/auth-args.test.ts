import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const list = { method: 'GET', path: '/u' };
const getAuthHeaders = ({ authArgs }: any) => ({ 'x-auth': JSON.stringify(authArgs ?? null) });
const ofConfig = (req: any, res: any) => ({
  from: 'config',
  user: req.body.user,
  res: typeof res.json,
});
const ofService = async (req: any) => Promise.resolve({ from: 'service', user: req.body.user });

async function start(config: object = { getAuthArgs: ofConfig }) {
  const upstream = await startUpstream();
  const gateway = await startGateway(
    {
      root: {
        plain: { endpoints: upstream.url, actions: { list } },
        own: { endpoints: upstream.url, getAuthArgs: ofService, actions: { list } },
        mix: {
          actions: { both: async (api: any) => [await api.plain.list(), await api.own.list()] },
        },
      },
    } as never,
    { getAuthHeaders, ...config },
  );
  const sent = () => upstream.requests.map(({ headers }) => JSON.parse(String(headers['x-auth'])));
  return { gateway, sent };
}

test.each([
  ['the config', 'plain/list', { from: 'config', user: 'ann', res: 'function' }],
  ['the service, over the config', 'own/list', { from: 'service', user: 'ann' }],
])('getAuthArgs(req, res) of %s gives the auth args', async (_name, path, expected) => {
  const { gateway, sent } = await start();
  await gateway.post(path, { user: 'ann' });
  expect(sent()).toEqual([expected]);
});

test('inner calls of a mixed action inherit the auth args of its request', async () => {
  const { gateway, sent } = await start();
  await gateway.post('mix/both', { user: 'ann' });
  expect(sent()).toEqual([
    { from: 'config', user: 'ann', res: 'function' },
    { from: 'config', user: 'ann', res: 'function' },
  ]);
});

test('through api the auth args are those of the call', async () => {
  const { gateway, sent } = await start();
  await (gateway.api as any).plain.list({ authArgs: { from: 'call' } });
  await (gateway.api as any).plain.list();
  expect(sent()).toEqual([{ from: 'call' }, null]);
});

test('without getAuthArgs there are none', async () => {
  const { gateway, sent } = await start({});
  await gateway.post('plain/list');
  expect(sent()).toEqual([null]);
});

test('concurrent requests keep their own auth args', async () => {
  const { gateway, sent } = await start();
  const users = Array.from({ length: 40 }, (_value, index) => `user-${index}`);
  await Promise.all(users.map((user) => gateway.post('own/list', { user })));
  const seen = sent().map(({ user }) => user as string);
  expect(seen.sort()).toEqual(users.sort());
});
