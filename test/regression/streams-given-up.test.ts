import { Readable } from 'node:stream';
import { eventually } from '../servers/eventually';
import { startShop } from '../transports/grpc/start-shop';

/** A stream that says one thing and never ends. */
function createEndless() {
  const seen = { opened: 0, cancelled: 0 };
  const Watch = (call: any) => {
    seen.opened++;
    call.on('cancelled', () => seen.cancelled++);
    call.on('error', () => undefined);
    call.write({ itemId: 'a' });
  };
  return { seen, Watch };
}

test('R5 the client leaves a loop over messages that waits for the next one: it is cancelled', async () => {
  const { seen, Watch } = createEndless();
  const toLines = async (api: any) => {
    const stream: AsyncIterable<any> = await api.items.watch({});
    return Readable.from(
      (async function* () {
        for await (const { itemId } of stream) yield itemId as string;
      })(),
    );
  };
  const { url, stats } = await startShop({ Watch }, { actions: { toLines } });
  const leaving = new AbortController();
  const response = await fetch(`${url}/gateway/items/toLines`, { signal: leaving.signal });
  await response.body?.getReader().read();
  leaving.abort();
  await eventually(() => seen.cancelled === 1 && stats.length === 2);
});

test('R5 a stream that onRequestSuccess leaves alone is cancelled when the answer is sent', async () => {
  const { seen, Watch } = createEndless();
  const passOn = (api: any) => api.items.watch({});
  const config = { onRequestSuccess: (_req: unknown, res: any) => res.status(202).end('later') };
  const { post, stats } = await startShop({ Watch }, { actions: { passOn }, config });
  expect((await post('items/passOn')).status).toBe(202);
  await eventually(() => seen.cancelled === seen.opened && stats.length === 2);
});
