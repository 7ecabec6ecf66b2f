import { createRecordingContext } from '../../fakes/recording-context';
import { encodeMessage } from '../../servers/encode-message';
import { recordingMethod, startGrpcAction } from '../../servers/start-grpc-action';
import { grpcError } from '../../servers/start-grpc-upstream';

const item = { itemId: 'a', tags: ['\u0436\u0436'] };
const secret = 'secret-value';

async function start(implementation: object, definition: object = {}, config: object = {}) {
  const sendStats = jest.fn();
  const gateway = await startGrpcAction(implementation as never, definition, {
    sendStats,
    ...config,
  });
  return {
    ...gateway,
    sendStats,
    /** What the only report had as its arguments. */
    sent: () => {
      expect(sendStats).toHaveBeenCalledTimes(1);
      const [stats, headers, ctx, extra] = sendStats.mock.calls[0]!;
      return { stats, headers, ctx, extra };
    },
  };
}

test('stats of a call tell the gRPC method, the protoKey and the status', async () => {
  const { call, sent } = await start({ Get: recordingMethod(item).method });
  const { ctx } = createRecordingContext();
  await call({ args: { itemId: secret }, ctx, requestId: 'r1', userId: 'u1' });
  const { stats, ctx: given } = sent();
  expect(stats).toEqual({
    service: 'items',
    action: 'run',
    restStatus: 200,
    grpcStatus: 0,
    responseSize: encodeMessage('shop.Item', item).length,
    requestId: 'r1',
    requestTime: expect.any(Number),
    requestMethod: 'Get',
    requestUrl: 'shop.Items',
    timestamp: expect.any(Number),
    userId: 'u1',
    traceId: 'trace-1',
  });
  expect(given).toBe(ctx);
});

test.each([
  [5, 404],
  [14, 503],
  [99, 500],
])('stats of a call that fails with %d tell this number', async (grpcStatus, restStatus) => {
  const Get = (_call: any, callback: any) => callback(grpcError(grpcStatus, 'no'));
  const { post, sent } = await start({ Get });
  await post();
  expect(sent().stats).toMatchObject({
    grpcStatus,
    restStatus,
    responseSize: 0,
    requestMethod: 'Get',
    requestUrl: 'shop.Items',
  });
});

test.each<[string, object, object, number]>([
  ['a method that is not there', { action: 'Lost' }, {}, 400],
  ['an invalid message', { action: 'Echo' }, { level: 'x' }, 400],
  ['args against the schema', { validationSchema: { required: ['a'] } }, {}, 400],
  ['a failing auth hook', { getAuthHeaders: () => Promise.reject(new Error('no')) }, {}, 500],
  ['no endpoint', { endpoint: 'none' }, {}, 400],
])(
  'a call that was never sent, for %s, has no gRPC status',
  async (_name, definition, args, restStatus) => {
    const { post, sent } = await start({ Get: recordingMethod().method }, definition);
    await post(args);
    expect(sent().stats).toMatchObject({ restStatus });
    expect(sent().stats).not.toHaveProperty('grpcStatus');
  },
);

test('a transform that fails leaves the status of the call', async () => {
  const transformResponseData = () => {
    throw new Error('no');
  };
  const { post, sent } = await start(
    { Get: recordingMethod(item).method },
    { transformResponseData },
  );
  await post();
  expect(sent().stats).toMatchObject({ restStatus: 500, grpcStatus: 0 });
});

test('X2 headers of the stats are those of the request, redacted by the utils of the ctx too', async () => {
  const { call, sent } = await start(
    { Get: recordingMethod().method },
    {
      getAuthHeaders: () => ({ 'x-auth': secret }),
      params: () => ({ headers: { 'x-made': 'm' } }),
    },
  );
  const redactSensitiveHeaders = (headers: object) => ({ ...headers, 'x-own': 'hidden' });
  const { ctx } = createRecordingContext({ utils: { redactSensitiveHeaders } });
  const headers = { authorization: secret, 'x-auth': secret, 'x-own': secret, 'x-plain': 'shown' };
  await call({ ctx, headers });
  expect(sent().headers).toMatchObject({ 'x-plain': 'shown', 'x-own': 'hidden' });
  expect(sent().headers).not.toHaveProperty('x-made');
  expect(JSON.stringify([sent().headers, sent().extra.debugHeaders])).not.toContain(secret);
});

test('request bodies never reach stats or logs', async () => {
  const { call, sent } = await start({ Get: recordingMethod().method });
  const { ctx, all } = createRecordingContext();
  await call({ ctx, args: { itemId: secret } });
  const { stats, headers, extra } = sent();
  const told = [stats, headers, extra.debugHeaders, all];
  expect(JSON.stringify(told)).not.toContain(secret);
});

test('without sendStats, the ctx is told', async () => {
  const { call } = await start({ Get: recordingMethod().method }, {}, { sendStats: undefined });
  const { ctx, all } = createRecordingContext();
  await call({ ctx });
  expect(all[0]?.stats).toMatchObject([{ responseStatus: 200, grpcStatus: 0 }]);
});

test('G4 an action runs in a child context of its name and kind, ended once', async () => {
  const Get = (_call: any, callback: any) => callback(grpcError(5, 'no'));
  const { call } = await start({ Get });
  const { ctx, children } = createRecordingContext();
  await expect(call({ ctx })).rejects.toThrow('no');
  expect(children()).toMatchObject([
    {
      name: 'Gateway items run [grpc]',
      tags: { action: 'run', service: 'items', type: 'grpc' },
      ends: 1,
    },
  ]);
});
