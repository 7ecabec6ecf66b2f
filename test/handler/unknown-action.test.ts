import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const UNKNOWN_SERVICE = { status: 404, code: 'UNKNOWN_SERVICE', message: 'Unknown service' };
const UNKNOWN_ACTION = {
  status: 404,
  code: 'UNKNOWN_SERVICE_ACTION',
  message: 'Unknown service action',
};

async function start(config = {}) {
  const upstream = await startUpstream();
  const action = { method: 'GET', path: '/u' };
  const users = { endpoints: upstream.url, actions: { list: action, _own: action, off: action } };
  const gateway = await startGateway({ root: { users }, admin: { users } } as never, {
    actions: ['root.users.list', 'root.users._own', 'admin.users.list'],
    ...config,
  });
  return { upstream, gateway };
}

const names = [
  ['an unknown service', 'nobody/list', UNKNOWN_SERVICE],
  ['a service that is an inherited member', 'constructor/list', UNKNOWN_SERVICE],
  ['a service __proto__', '__proto__/list', UNKNOWN_SERVICE],
  ['an unknown scope', 'nowhere/users/list', UNKNOWN_SERVICE],
  ['a scope __proto__', '__proto__/users/list', UNKNOWN_SERVICE],
  ['an unknown action', 'users/none', UNKNOWN_ACTION],
  ['an action that is an inherited member', 'users/toString', UNKNOWN_ACTION],
  ['a private action', 'users/_own', UNKNOWN_ACTION],
  ['a private action, encoded', 'users/%5Fown', UNKNOWN_ACTION],
  ['a private action with its scope', 'root/users/_own', UNKNOWN_ACTION],
  ['an action that is not connected', 'users/off', UNKNOWN_ACTION],
  ['an action that is not connected in that scope', 'admin/users/off', UNKNOWN_ACTION],
] as const;

test.each(names)('%s is answered 404', async (_name, path, expected) => {
  const { gateway, upstream } = await start();
  const answer = await gateway.post(path);
  expect(answer).toMatchObject({ status: 404, json: expected });
  expect(answer.json).toEqual(expected);
  expect(upstream.requests).toHaveLength(0);
});

test.each(names)(
  'I1: %s reaches onUnknownAction and no other hook',
  async (_name, path, { code }) => {
    const called: unknown[] = [];
    const others = [
      'onBeforeAction',
      'onRequestSuccess',
      'onRequestFailed',
      'getAuthArgs',
      'withDebugHeaders',
      'sendStats',
    ];
    const { gateway } = await start({
      ...Object.fromEntries(others.map((hook) => [hook, () => called.push(hook)])),
      onUnknownAction: async (_req: unknown, res: any, target: object) => {
        called.push(target);
        await Promise.resolve();
        res.status(410).json({ gone: true });
      },
    });
    expect(await gateway.post(path)).toMatchObject({ status: 410, json: { gone: true } });
    const [service, action] = decodeURIComponent(path).split('/').slice(-2);
    expect(called).toEqual([code === 'UNKNOWN_SERVICE' ? { service } : { service, action }]);
  },
);

test.each([
  ['ru', 'Неизвестный сервис'],
  ['de, ru;q=0.5', 'Неизвестный сервис'],
  ['de', 'Unknown service'],
])('the text follows accept-language %s', async (language, message) => {
  const { gateway } = await start();
  const answer = await gateway.post('nobody/list', {}, { 'accept-language': language });
  expect(answer.json).toEqual({ ...UNKNOWN_SERVICE, message });
});

test('private and not connected actions stay callable through api', async () => {
  const { gateway } = await start();
  const { users }: any = gateway.api;
  expect(await users._own()).toMatchObject({ responseData: { ok: true } });
  expect(await users.off()).toMatchObject({ responseData: { ok: true } });
});
