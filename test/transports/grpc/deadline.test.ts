import { eventually } from '../../servers/eventually';
import { failureOf } from '../../servers/start-rest-action';
import { startTcpRelay } from '../../servers/start-tcp-relay';
import { watchProcess } from '../../servers/watch-process';
import { grpcError, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { shopActions, startShop, startShopAt } from './start-shop';

watchProcess();

afterEach(() => jest.restoreAllMocks());

/** Answers `slow` only when told to, others with the port of the client's end of the connection. */
function createMethods() {
  const seen = { deadlines: [] as unknown[], answers: [] as (() => void)[] };
  const portOf = (call: any) => String(call.getPeer()).split(':').at(-1);
  const Get = (call: any, callback: any) => {
    seen.deadlines.push(call.getDeadline());
    const answer = () => callback(null, { itemId: portOf(call) });
    if (call.request.itemId === 'slow') seen.answers.push(answer);
    else answer();
  };
  const Watch = (call: any) => {
    seen.deadlines.push(call.getDeadline());
    call.write({ itemId: portOf(call) });
  };
  const Chat = (call: any) => {
    call.on('data', (item: any) => call.write({ ...item, note: portOf(call) }));
    call.on('end', () => call.end());
  };
  return { seen, methods: { Get, Watch, Chat } };
}

const slow = { itemId: 'slow' };

test.each([
  ['call', {}, { timeout: 500 }],
  ['action', { actions: { get: { ...shopActions.get, timeout: 500 } } }, {}],
  ['config', { config: { timeout: 500 } }, {}],
  ['totalTimeout', { config: { totalTimeout: 500 } }, {}],
])('the timeout of the %s ends a call with 504', async (_of, options, input) => {
  const { seen, methods } = createMethods();
  const { items, stats } = await startShop(methods, options);
  const { error } = await failureOf(items.get!({ args: slow, ...input }));
  expect(error).toMatchObject({
    status: 504,
    code: 'GATEWAY_REQUEST_ERROR',
    details: { grpcCode: 4, title: 'DEADLINE_EXCEEDED' },
  });
  expect(stats).toMatchObject([{ restStatus: 504, grpcStatus: 4 }]);
  expect(seen.deadlines).toHaveLength(1);
});

test.each([
  ['call', {}, { timeout: 500 }],
  ['action', { actions: { watch: { ...shopActions.watch, timeout: 500 } } }, {}],
])('a timeout of the %s bounds a stream', async (_of, options, input) => {
  const { items, stats } = await startShop(createMethods().methods, options);
  const { stream } = await items.watch!(input);
  const error = await new Promise<any>((resolve) => stream.once('error', resolve));
  expect(error).toMatchObject({ code: 4 });
  await eventually(() => stats.length > 0);
  expect(stats).toMatchObject([{ restStatus: 504, grpcStatus: 4 }]);
});

test('the default timeout and the total one do not bound a stream', async () => {
  const { seen, methods } = createMethods();
  const { items } = await startShop(methods, { config: { timeout: 60, totalTimeout: 500 } });
  const { stream } = await items.watch!();
  await new Promise((resolve) => stream.once('data', resolve));
  expect(seen.deadlines).toEqual([Infinity]);
  await failureOf(items.get!({ args: slow }));
  expect(stream.destroyed).toBe(false);
  expect(stream.errored).toBeNull();
});

test('each attempt has a deadline of its own', async () => {
  const { seen, methods } = createMethods();
  const grpcRetryCondition = ({ code }: any) => code === 4;
  const { items } = await startShop(methods, {
    config: { grpcRetryCondition, totalTimeout: 20_000 },
  });
  await failureOf(items.get!({ args: slow, timeout: 700, retries: 2 }));
  const [first, second, third] = seen.deadlines.map(Number);
  expect(second! - first!).toBeGreaterThanOrEqual(700);
  expect(third! - second!).toBeGreaterThanOrEqual(700);
});

test('C2 after a deadline nothing is repeated unless grpcRetryCondition says so', async () => {
  const { seen, methods } = createMethods();
  const { items } = await startShop(methods);
  await failureOf(items.get!({ args: slow, timeout: 700, retries: 3 }));
  expect(seen.deadlines).toHaveLength(1);
});

test('totalTimeout bounds attempts and pauses together', async () => {
  // Pauses of 50 to 1600 ms; one of 3200 ms would not end in time.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  const { items, stats } = await startShop(
    { Get: (_call: any, callback: any) => callback(grpcError(14, 'down')) },
    { actions: { get: { ...shopActions.get, totalTimeout: 6000 } } },
  );
  const { error } = await failureOf(items.get!({ retries: 1000 }));
  expect(error).toMatchObject({ status: 503, message: 'down' });
  expect(stats).toHaveLength(1);
});

async function startRelayedShop(config: object = {}) {
  const { seen, methods } = createMethods();
  const { port } = await startGrpcUpstream(methods);
  const relay = await startTcpRelay(port);
  return { relay, seen, ...(await startShopAt(relay.address, { config })) };
}

describe('after a deadline', () => {
  test.each([
    ['a new connection', {}, 2],
    ['the same one, with grpcRecreateService: false', { grpcRecreateService: false }, 1],
  ])('the next call has %s', async (_what, config, expected) => {
    const { relay, items } = await startRelayedShop(config);
    await items.get!();
    await failureOf(items.get!({ args: slow, timeout: 500 }));
    await items.get!();
    expect(relay.count).toBe(expected);
  });

  test('R7 a stream on the old connection goes on, and closes it at its end', async () => {
    const { relay, items } = await startRelayedShop();
    const { stream } = await items.chat!();
    const say = async (itemId: string) => {
      stream.write({ itemId });
      return new Promise<any>((resolve) => stream.once('data', resolve));
    };
    const { note: before } = await say('a');
    await failureOf(items.get!({ args: slow, timeout: 500 }));
    const { responseData } = await items.get!();
    expect(responseData.itemId).not.toBe(before);
    expect(await say('b')).toMatchObject({ itemId: 'b', note: before });
    expect(relay.sockets.size).toBe(2);
    stream.end();
    await eventually(() => relay.sockets.size === 1);
    expect((await items.get!()).responseData).toEqual(responseData);
  });

  test('R7 a call in flight on the old connection is answered', async () => {
    const { relay, seen, items } = await startRelayedShop();
    const patient = items.get!({ args: slow });
    await eventually(() => seen.answers.length === 1);
    await failureOf(items.get!({ args: slow, timeout: 500 }));
    await items.get!();
    expect(relay.sockets.size).toBe(2);
    seen.answers.forEach((answer) => answer());
    expect((await patient).responseData.itemId).toMatch(/^\d+$/);
    await eventually(() => relay.sockets.size === 1);
  });

  test('40 deadlines in a row leave one connection at most', async () => {
    const { relay, items } = await startRelayedShop();
    for (let i = 0; i < 40; i++) await failureOf(items.get!({ args: slow, timeout: 20 }));
    expect(relay.count).toBeGreaterThan(10);
    await items.get!();
    await eventually(() => relay.sockets.size === 1);
  });

  test('a stream that ends so has its client re-created too', async () => {
    const { relay, items, stats } = await startRelayedShop();
    await items.watch!({ timeout: 500 });
    await eventually(() => stats.length === 1);
    await items.get!();
    expect(relay.count).toBe(2);
  });
});
