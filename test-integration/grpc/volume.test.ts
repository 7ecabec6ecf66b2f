import { getEventListeners } from 'node:events';
import { queryObjects } from 'node:v8';
import { eventually } from '../../test/servers/eventually';
import { frame, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { startShopAt } from '../../test/transports/grpc/start-shop';

const CALLS = 10_000;
const CONCURRENT = 100;

/** Timers that something still holds, also those that do not hold the process. */
function countTimers(): number {
  const Timeout = setTimeout(() => undefined, 0).constructor;
  return queryObjects(Timeout) as unknown as number;
}

/** Fails every twentieth call; `open` are those that have not ended. */
async function startFlaky() {
  const seen = { open: 0, all: 0 };
  const upstream = await startHttp2Upstream((stream) => {
    seen.open++;
    stream.on('close', () => seen.open--);
    const isFailing = ++seen.all % 20 === 0;
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': isFailing ? 13 : 0 }));
    stream.end(isFailing ? undefined : frame(Buffer.alloc(0)));
  });
  return { seen, upstream };
}

test('10,000 calls with 5 % failures leave no open call, timer or listener', async () => {
  const { seen, upstream } = await startFlaky();
  const { items, stats, ctx, contexts } = await startShopAt(upstream.address);
  const { signal } = new AbortController();
  let failures = 0;
  const caller = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await items.get!({ ctx, abortSignal: signal }).catch(() => failures++);
    }
  };

  await caller(20);
  const timers = countTimers();
  await Promise.all(Array.from({ length: CONCURRENT }, () => caller(CALLS / CONCURRENT)));

  expect(failures).toBe((CALLS + 20) / 20);
  expect(stats.filter(({ restStatus }) => restStatus === 500)).toHaveLength(failures);
  expect(stats).toHaveLength(CALLS + 20);
  expect(contexts().filter(({ ends }) => ends !== 1)).toEqual([]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  await eventually(() => seen.open === 0);
  expect(countTimers() - timers).toBeLessThan(50);
}, 60_000);
