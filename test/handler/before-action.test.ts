import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const list = { method: 'POST', path: '/u', params: (args: object) => ({ body: args }) };

async function start(config: object) {
  const upstream = await startUpstream();
  const users = { endpoints: upstream.url, actions: { list }, serviceName: 'people' };
  const gateway = await startGateway({ root: { users }, admin: { users } } as never, config);
  return { upstream, gateway };
}

test.each([
  ['users/list', ['root', 'users', 'list']],
  ['root/users/list', ['root', 'users', 'list']],
  ['admin/users/list', ['admin', 'users', 'list']],
])(
  'onBeforeAction of %s gets (req, res, scope, service, action, definition)',
  async (path, names) => {
    const seen: unknown[][] = [];
    const { gateway } = await start({
      onBeforeAction: (req: any, res: any, ...rest: unknown[]) => {
        seen.push([req.body, res.headersSent, ...rest]);
      },
    });
    await gateway.post(path, { a: 1 });
    expect(seen).toEqual([[{ a: 1 }, false, ...names, list]]);
  },
);

test('hooks run in order: before, auth args, auth headers, action, success', async () => {
  const order: string[] = [];
  const note = (name: string) => async () => {
    await Promise.resolve();
    order.push(name);
  };
  const { gateway } = await start({
    onBeforeAction: note('before'),
    getAuthArgs: note('authArgs'),
    getAuthHeaders: note('authHeaders'),
    onRequestSuccess: (_req: unknown, res: any, data: unknown) => {
      order.push('success');
      res.json(data);
    },
    sendStats: note('stats'),
  });
  await gateway.post('users/list');
  expect(order).toEqual(['before', 'authArgs', 'authHeaders', 'stats', 'success']);
});

test.each(['sync', 'async'])(
  'C6: an onBeforeAction that answered itself (%s) stops',
  async (way) => {
    const called: string[] = [];
    const answer = (_req: unknown, res: any) => void res.status(401).json({ who: 'hook' });
    const { gateway, upstream } = await start({
      onBeforeAction:
        way === 'sync' ? answer : async (req: any, res: any) => Promise.resolve(answer(req, res)),
      onRequestSuccess: () => called.push('success'),
      onRequestFailed: () => called.push('failed'),
      sendStats: () => called.push('stats'),
    });
    expect(await gateway.post('users/list')).toMatchObject({ status: 401, json: { who: 'hook' } });
    expect(called).toEqual([]);
    expect(upstream.requests).toHaveLength(0);
  },
);

test('what onBeforeAction changes on req and res counts', async () => {
  const { ctx, all } = createRecordingContext();
  const stats: any[] = [];
  const { gateway, upstream } = await start({
    onBeforeAction: (req: any, res: any) => {
      req.id = 'from-hook';
      req.ctx = ctx;
      req.body = { changed: true };
      res.locals.userId = 'u-1';
    },
    sendStats: (one: object) => stats.push(one),
  });
  await gateway.post('users/list', { a: 1 });
  expect(upstream.last.json).toEqual({ changed: true });
  expect(upstream.last.headers['x-request-id']).toBe('from-hook');
  expect(stats).toMatchObject([{ requestId: 'from-hook', userId: 'u-1', traceId: 'trace-1' }]);
  expect(all.map(({ name }) => name)).toEqual(['root', 'Gateway people list [rest]']);
});
