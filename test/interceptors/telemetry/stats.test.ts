import { createRecordingContext } from '../../fakes/recording-context';
import { eventually } from '../../servers/eventually';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';

const body = '{"name":"Ünïcode"}';

async function start(config: object = {}) {
  const upstream = await startUpstream(({ url }, response) => {
    if (url.startsWith('/fail')) return sendJson(response, { code: 'NO' }, 404);
    if (url.startsWith('/stream')) {
      response.write('x'.repeat(1000));
      return setTimeout(() => response.end('y'.repeat(24)), 10);
    }
    response.statusCode = url.startsWith('/created') ? 201 : 200;
    response.setHeader('content-type', 'application/json');
    return response.end(body);
  });
  const actions = {
    get: { method: 'GET', path: '/get', params: () => ({ query: { q: 'secret' } }) },
    created: { method: 'POST', path: '/created', params: (args: object) => ({ body: args }) },
    fail: { method: 'GET', path: '/fail' },
    invalid: { method: 'GET', path: '/get', validationSchema: { required: ['id'] } },
    stream: { method: 'GET', path: '/stream', responseType: 'stream' },
    mixed: async (api: any) => [await api.users.get(), await api.users.fail().catch(() => null)],
    broken: () => {
      throw Object.assign(new Error('broken'), { status: 409 });
    },
  };
  const records: [any, any, any, any][] = [];
  const gateway = await startGateway(
    { root: { users: { serviceName: 'people', endpoints: upstream.url, actions } } } as never,
    { sendStats: (...given: [any, any, any, any]) => void records.push(given), ...config },
  );
  return { gateway, records, url: upstream.url, users: (gateway.api as any).users };
}

const bytes = Buffer.byteLength(body);

test.each([
  ['get', { restStatus: 200, requestMethod: 'GET', requestUrl: '/get', responseSize: bytes }],
  [
    'created',
    { restStatus: 201, requestMethod: 'POST', requestUrl: '/created', responseSize: bytes },
  ],
  ['fail', { restStatus: 404, requestMethod: 'GET', requestUrl: '/fail', responseSize: 13 }],
  ['invalid', { restStatus: 400, requestMethod: '', requestUrl: '', responseSize: 0 }],
  ['broken', { restStatus: 409, requestMethod: '', requestUrl: '', responseSize: 0 }],
])('K3: %s is reported once, with the fields of the contract', async (action, expected) => {
  const { users, records, url } = await start();
  const { ctx } = createRecordingContext();
  const before = Date.now();
  const call = { ctx, requestId: 'id-1', userId: 'ann', args: { password: 'secret' } };
  await users[action](call).catch(() => undefined);

  expect(records).toHaveLength(1);
  const [stats, , given] = records[0]!;
  expect(stats).toEqual({
    service: 'people',
    action,
    ...expected,
    requestUrl: expected.requestUrl && url + expected.requestUrl,
    requestId: 'id-1',
    requestTime: expect.any(Number) as number,
    timestamp: expect.any(Number) as number,
    userId: 'ann',
    traceId: 'trace-1',
  });
  expect(stats.requestTime).toBeGreaterThanOrEqual(0);
  expect(stats.timestamp).toBeGreaterThanOrEqual(before);
  expect(stats.timestamp).toBeLessThanOrEqual(Date.now());
  expect(given).toBe(ctx);
  expect(JSON.stringify(stats)).not.toContain('secret');
});

test('calls made inside of a mixed action report too', async () => {
  const { users, records } = await start();
  await users.mixed({ requestId: 'id-1', userId: 'ann' });
  expect(records.map(([stats]) => stats)).toMatchObject([
    { action: 'get', restStatus: 200, requestId: 'id-1', userId: 'ann' },
    { action: 'fail', restStatus: 404, requestId: 'id-1', userId: 'ann' },
    { action: 'mixed', restStatus: 200, requestId: 'id-1', userId: 'ann' },
  ]);
});

test('a stream is reported once, when it has ended, with the bytes that were streamed', async () => {
  const { users, records } = await start();
  const { responseData } = await users.stream();
  expect(records).toHaveLength(0);
  responseData.resume();
  await eventually(() => records.length > 0);
  await new Promise(setImmediate);
  expect(records.map(([stats]) => stats)).toMatchObject([{ restStatus: 200, responseSize: 1024 }]);
});

test('the same through the controller: id, user and headers are those of the request', async () => {
  const { gateway, records } = await start({
    onBeforeAction: (_req: unknown, res: any) => void (res.locals.userId = 7),
  });
  await gateway.post('users/get', {}, { 'x-request-id': 'from-client' });
  const [stats, headers, , extra] = records[0]!;
  expect(stats).toMatchObject({ requestId: 'from-client', userId: '7', traceId: '' });
  expect(headers).toMatchObject({ 'x-request-id': 'from-client', accept: 'application/json, */*' });
  expect(extra.debugHeaders).toMatchObject({
    'x-request-id': 'from-client',
    'x-api-request-method': 'GET',
  });
});

test('headers are those of the request where nothing was sent', async () => {
  const { users, records } = await start();
  await users.broken({ headers: { 'x-own': 'mine' } }).catch(() => undefined);
  await users.invalid({ headers: { 'x-own': 'mine' } }).catch(() => undefined);
  expect(records.map(([, headers]) => headers)).toEqual([{ 'x-own': 'mine' }, { 'x-own': 'mine' }]);
});

test('without sendStats the ctx of the caller gets stats, with responseStatus', async () => {
  const { users, records } = await start({ sendStats: undefined });
  const { ctx, all } = createRecordingContext();
  await users.get({ ctx });
  await users.fail({ ctx }).catch(() => undefined);
  expect(records).toHaveLength(0);
  expect(all[0]!.stats).toMatchObject([
    { service: 'people', action: 'get', restStatus: 200, responseStatus: 200, responseSize: bytes },
    { service: 'people', action: 'fail', restStatus: 404, responseStatus: 404 },
  ]);
});

test('a mixed action may send stats of its own', async () => {
  const records: unknown[][] = [];
  const gateway = await startGateway(
    {
      root: {
        users: {
          actions: {
            own: (_api: unknown, _args: unknown, { sendStats }: any) =>
              sendStats({ service: 'cache', restStatus: 200 }, { 'x-own': 'a', cookie: 'secret' }),
          },
        },
      },
    } as never,
    { sendStats: (...given: unknown[]) => void records.push(given) },
  );
  await (gateway.api as any).users.own();
  expect(records[0]?.slice(0, 2)).toMatchObject([
    { service: 'cache', restStatus: 200 },
    { 'x-own': 'a', cookie: '[REDACTED]' },
  ]);
});
