import { eventually } from '../../servers/eventually';
import { grpcError, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';
import { startTcpRelay } from '../../servers/start-tcp-relay';
import { watchProcess } from '../../servers/watch-process';
import { shopActions, startShopAt } from './start-shop';

watchProcess();

async function startRelayedShop(implementation: object, actions?: object) {
  const { port } = await startGrpcUpstream(implementation as never);
  const relay = await startTcpRelay(port);
  return { relay, ...(await startShopAt(relay.address, { actions: actions as never })) };
}

/** Answers when it is told to. */
function createHeld() {
  const held: (() => void)[] = [];
  const Get = (_call: any, callback: any) => held.push(() => callback(null, { itemId: 'a' }));
  return { held, Get };
}

test('S2 close waits for running calls, then ends the connections', async () => {
  const { held, Get } = createHeld();
  const { relay, items, close } = await startRelayedShop({ Get });
  const running = items.get!();
  await eventually(() => held.length === 1);
  const closing = close();
  held[0]!();
  expect((await running).responseData.itemId).toBe('a');
  await closing;
  await eventually(() => relay.sockets.size === 0);
});

test('S2 what still runs after graceMs ends with 503 GATEWAY_CLOSED', async () => {
  const { held, Get } = createHeld();
  const { relay, items, close, stats } = await startRelayedShop({ Get });
  const running = failureOf(items.get!());
  await eventually(() => held.length === 1);
  await close({ graceMs: 0 });
  expect((await running).error).toMatchObject({ status: 503, code: 'GATEWAY_CLOSED' });
  await eventually(() => relay.sockets.size === 0);
  expect(stats).toHaveLength(1);
});

test.each(['watch', 'collect', 'chat'])(
  'S2 a stream (%s) that still runs after graceMs ends, and its connection too',
  async (name) => {
    const open = jest.fn((call: any) => call.on('error', () => undefined));
    const shop = await startRelayedShop({ Watch: open, Collect: open, Chat: open });
    const { stream } = await shop.items[name]!({ callback: () => undefined });
    const failed = new Promise<any>((resolve) => stream.once('error', resolve));
    await eventually(() => open.mock.calls.length === 1);
    await shop.close({ graceMs: 0 });
    expect(await failed).toMatchObject({ code: 1 });
    await eventually(() => shop.relay.sockets.size === 0);
    await eventually(() => shop.stats.length === 1);
    expect(shop.stats[0]).toMatchObject({ restStatus: 503 });
  },
);

test('S2 a stream on a client that a deadline replaced ends too', async () => {
  const Watch = (call: any) => call.write({ itemId: 'a' });
  const shop = await startRelayedShop({ Watch, Get: () => undefined });
  const { stream } = await shop.items.watch!();
  await new Promise((resolve) => stream.once('data', resolve));
  await failureOf(shop.items.get!({ timeout: 60 }));
  const failed = new Promise<any>((resolve) => stream.once('error', resolve));
  await shop.close({ graceMs: 0 });
  expect(await failed).toMatchObject({ code: 1 });
  await eventually(() => shop.relay.sockets.size === 0);
});

test('S2 no attempt and no connection is made after close', async () => {
  let attempts = 0;
  const Get = (_call: any, callback: any) => {
    attempts++;
    callback(grpcError(14, 'down'));
  };
  const { relay, items, close } = await startRelayedShop({ Get });
  const running = failureOf(items.get!({ retries: 5 }));
  await eventually(() => attempts === 1);
  await close({ graceMs: 0 });
  expect((await running).error).toMatchObject({ status: 503, code: 'GATEWAY_CLOSED' });
  expect(attempts).toBe(1);
  expect(relay.count).toBe(1);
});

test('S2 a mixed action that goes on after close reaches nothing any more', async () => {
  const { held, Get } = createHeld();
  const twice = async (api: any) => {
    await api.items.get({}).catch(() => undefined);
    return api.items.get({});
  };
  const { relay, items, close } = await startRelayedShop({ Get }, { get: shopActions.get, twice });
  const running = failureOf(items.twice!());
  await eventually(() => held.length === 1);
  await close({ graceMs: 0 });
  expect((await running).error).toMatchObject({ status: 503, code: 'GATEWAY_CLOSED' });
  expect(relay.count).toBe(1);
});

test('S1 a gateway opens no connection before its first call', async () => {
  const { relay, close } = await startRelayedShop({});
  await close();
  expect(relay.count).toBe(0);
});
