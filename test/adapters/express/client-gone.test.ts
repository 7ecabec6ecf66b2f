import { request as httpRequest } from 'node:http';
import { createRecordingContext } from '../../fakes/recording-context';
import { eventually } from '../../servers/eventually';
import { startGateway } from '../../servers/start-gateway';
import { startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

async function start(config: object = {}) {
  let arrived = 0;
  let upstreamClosed = 0;
  const upstream = await startUpstream(({ url }, response) => {
    arrived++;
    response.once('close', () => upstreamClosed++);
    if (url === '/stream') response.write('first');
  });
  const actions = {
    hang: { method: 'POST', path: '/hang' },
    stream: { method: 'GET', path: '/stream', responseType: 'stream' },
    mixed: (api: any) => api.users.hang(),
    waits: () => new Promise(() => undefined),
  };
  const recorded = createRecordingContext();
  const stats: any[] = [];
  const failed: any[] = [];
  const gateway = await startGateway(
    { root: { users: { endpoints: upstream.url, actions } } } as never,
    {
      abortOnClientDisconnect: true,
      onBeforeAction: (req: any) => void (req.ctx = recorded.ctx),
      sendStats: (one: object) => void stats.push(one),
      onRequestFailed: (_req: unknown, res: any, error: any) => {
        failed.push(error);
        res.status(error.status).json({});
      },
      ...config,
    },
  );
  const counts = () => ({ arrived, upstreamClosed });
  return { gateway, counts, stats, failed, ...recorded };
}

/** A client that leaves when `isTime`. */
async function leave(port: number, path: string, isTime: () => boolean, onData?: () => void) {
  const headers = { 'content-type': 'application/json' };
  const request = httpRequest(
    { port, path: `/gateway/${path}`, method: 'POST', headers },
    (answer) => answer.on('data', () => onData?.()).on('error', () => undefined),
  );
  request.on('error', () => undefined);
  request.end('{}');
  await eventually(isTime);
  request.destroy();
}

test.each([
  ['a REST action', 'users/hang', 1],
  ['a mixed action', 'users/mixed', 2],
])(
  'C4: %s whose client leaves is cancelled, reported and ended once',
  async (_name, path, calls) => {
    const { gateway, counts, stats, failed, children } = await start();
    await leave(gateway.port, path, () => counts().arrived === 1);
    await eventually(() => counts().upstreamClosed === 1 && failed.length > 0);
    expect(failed).toMatchObject([{ status: 499, code: 'ERR_CANCELED' }]);
    expect(stats).toHaveLength(calls);
    for (const one of stats) expect(one).toMatchObject({ restStatus: 499 });
    expect(children().map(({ ends }) => ends)).toEqual(Array(calls).fill(1));
  },
);

test('C4: a mixed action that waits for nobody ends with its client', async () => {
  const { gateway, stats, children } = await start();
  await leave(gateway.port, 'users/waits', () => children().length === 1);
  await eventually(() => stats.length > 0);
  expect(stats).toMatchObject([{ restStatus: 499 }]);
  expect(children()).toMatchObject([{ ends: 1 }]);
});

test('C5: a stream whose client leaves ends upstream, is reported and ended once', async () => {
  const { gateway, counts, stats, children } = await start();
  let got = 0;
  await leave(
    gateway.port,
    'users/stream',
    () => got > 0,
    () => got++,
  );
  await eventually(() => counts().upstreamClosed === 1 && stats.length > 0);
  expect(stats).toMatchObject([{ restStatus: 499, responseSize: 5 }]);
  expect(children()).toMatchObject([{ ends: 1 }]);
});

test('C4: an action is not run when the client has left during onBeforeAction', async () => {
  let left = false;
  let entered = false;
  const { gateway, counts, children } = await start({
    onBeforeAction: async (req: any, res: any) => {
      entered = true;
      res.once('close', () => (left = true));
      await eventually(() => left);
    },
  });
  await leave(gateway.port, 'users/hang', () => entered);
  await eventually(() => left);
  await new Promise(setImmediate);
  expect(counts().arrived).toBe(0);
  expect(children()).toEqual([]);
});

test('without abortOnClientDisconnect the call goes on, and is ended once', async () => {
  const upstream = await startUpstream((_request, response) => void open.push(response));
  const open: any[] = [];
  const recorded = createRecordingContext();
  const gateway = await startGateway(
    {
      root: {
        users: { endpoints: upstream.url, actions: { post: { method: 'POST', path: '/' } } },
      },
    } as never,
    { onBeforeAction: (req: any) => void (req.ctx = recorded.ctx) },
  );
  await leave(gateway.port, 'users/post', () => open.length === 1);
  open[0].end('done');
  const [, child] = recorded.all;
  await eventually(() => child!.ends > 0);
  expect(child).toMatchObject({ ends: 1, errors: [], logs: [{ message: 'Request completed' }] });
});
