import { eventually } from '../../test/servers/eventually';
import { findFreePort } from '../../test/servers/find-free-port';
import { failureOf } from '../../test/servers/start-rest-action';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startTcpRelay } from '../../test/servers/start-tcp-relay';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise, promiseOnce } from './promise';

checkLeaks();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers with the port of the client's end of the connection; `slow` only when told to. */
function createShop() {
  const slow: (() => void)[] = [];
  const portOf = (call: any) => String(call.getPeer()).split(':').at(-1);
  const Get = (call: any, callback: any) => {
    const answer = () => callback(null, { itemId: portOf(call) });
    if (call.request.itemId === 'slow') slow.push(answer);
    else answer();
  };
  const Watch = (call: any) => call.write({ itemId: portOf(call) });
  const Chat = (call: any) => {
    call.on('data', (item: any) => call.write({ ...item, note: portOf(call) }));
    call.on('end', () => call.end());
  };
  return { slow, shop: { Get, Watch, Chat } };
}

type Post = (path: string) => Promise<{ status: number; json: any }>;

async function untilAnswered(post: Post): Promise<void> {
  while ((await post('items/get')).status !== 200) await pause(50);
}

async function failFor(ms: number, post: Post): Promise<void> {
  const endsMs = performance.now() + ms;
  while (performance.now() < endsMs) {
    expect(await post('items/get')).toMatchObject({
      status: 503,
      json: { code: 'GATEWAY_REQUEST_ERROR', details: { grpcCode: 14 } },
    });
    await pause(50);
  }
}

promise(
  'R7',
  'A server that is killed, stays away and comes back on its port works again by itself; calls and streams in between fail with a coded 503.',
  (express) => {
    test('after 3 s', async () => {
      const port = await findFreePort();
      const first = await startGrpcUpstream(createShop().shop, { port });
      const { post, items, stats } = await startShopAt(first.address, { express });
      expect(await post('items/get')).toMatchObject({ status: 200 });
      const { stream } = await items.watch!();
      await new Promise((resolve) => stream.once('data', resolve));

      await first.close();
      await eventually(() => stats.length === 2);
      expect(stats[1]).toMatchObject({ action: 'watch', restStatus: expect.any(Number) });
      expect(stats[1].restStatus).toBeGreaterThanOrEqual(400);
      await failFor(3000, post);

      await startGrpcUpstream(createShop().shop, { port });
      await untilAnswered(post);
    });
  },
);

promise('R7', 'A server that starts only after the first calls is found.', (express) => {
  test('after 1 s', async () => {
    const port = await findFreePort();
    const { post } = await startShopAt(`127.0.0.1:${port}`, { express });
    await failFor(1000, post);
    await startGrpcUpstream(createShop().shop, { port });
    await untilAnswered(post);
  });
});

const SLOW = { args: { itemId: 'slow' } };

/** The shop behind a relay, which sees the connections. */
async function startRelayed() {
  const { slow, shop } = createShop();
  const { port } = await startGrpcUpstream(shop);
  const relay = await startTcpRelay(port);
  return { slow, relay, ...(await startShopAt(relay.address)) };
}

promiseOnce(
  'R7',
  'After a deadline the next call has a new client; calls and streams on the old one go on, and it is closed when the last of them has ended.',
  () => {
    test('a stream and a call that outlast many deadlines', async () => {
      const { slow, relay, items } = await startRelayed();
      const { stream } = await items.chat!();
      const say = async (itemId: string) => {
        stream.write({ itemId });
        return new Promise<any>((resolve) => stream.once('data', resolve));
      };
      const { note: before } = await say('a');
      const patient = items.get!(SLOW);
      await eventually(() => slow.length === 1);
      for (let i = 0; i < 20; i++) await failureOf(items.get!({ ...SLOW, timeout: 20 }));

      const { responseData } = await items.get!();
      expect(responseData.itemId).not.toBe(before);
      await eventually(() => relay.sockets.size === 2);
      expect(await say('b')).toMatchObject({ itemId: 'b', note: before });
      slow[0]!();
      expect((await patient).responseData).toEqual({ ...responseData, itemId: before });
      expect(await say('c')).toMatchObject({ itemId: 'c', note: before });
      stream.end();
      await eventually(() => relay.sockets.size === 1);
      expect((await items.get!()).responseData).toEqual(responseData);
    });

    test('with grpcRecreateService: false the client stays', async () => {
      const { shop } = createShop();
      const { port } = await startGrpcUpstream(shop);
      const relay = await startTcpRelay(port);
      const config = { grpcRecreateService: false };
      const { items } = await startShopAt(relay.address, { config });
      for (let i = 0; i < 5; i++) await failureOf(items.get!({ ...SLOW, timeout: 20 }));
      await items.get!();
      expect(relay.count).toBe(1);
    });
  },
);
