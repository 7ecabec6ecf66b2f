import { eventually } from '../../test/servers/eventually';
import { failureOf } from '../../test/servers/start-rest-action';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { watchProcess } from '../../test/servers/watch-process';
import { startShopAt } from '../../test/transports/grpc/start-shop';

watchProcess();

const shop = {
  Get: (_call: any, callback: any) => callback(null, { itemId: 'a' }),
  Watch: (call: any) => call.write({ itemId: 'a' }),
};

async function untilWorks(items: any) {
  for (;;) {
    const answer = await items.get().catch(() => undefined);
    if (answer) return answer.responseData.itemId;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function callFor(ms: number, call: () => Promise<unknown>) {
  const ends = Date.now() + ms;
  while (Date.now() < ends) {
    await call();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('R7 a server that is killed and comes back on its port works again', async () => {
  const first = await startGrpcUpstream(shop);
  const { items, stats } = await startShopAt(first.address);
  await items.get!();
  const { stream } = await items.watch!();
  await new Promise((resolve) => stream.once('data', resolve));

  await first.close();
  await eventually(() => stats.length === 2);
  expect(stats[1].action).toBe('watch');
  expect(stats[1].restStatus).toBeGreaterThanOrEqual(400);
  await callFor(7000, async () => {
    expect((await failureOf(items.get!())).error).toMatchObject({ status: 503 });
  });

  await startGrpcUpstream(shop, { port: first.port });
  expect(await untilWorks(items)).toBe('a');
}, 20_000);

test('R7 a server that starts only after the first calls is found', async () => {
  const { port, address, close } = await startGrpcUpstream(shop);
  await close();
  const { items } = await startShopAt(address);
  await callFor(2000, () => failureOf(items.get!()));
  await startGrpcUpstream(shop, { port });
  expect(await untilWorks(items)).toBe('a');
}, 20_000);
