import { getEventListeners } from 'node:events';
import { eventually } from '../../servers/eventually';
import { grpcError } from '../../servers/start-grpc-upstream';
import { watchProcess } from '../../servers/watch-process';
import { startShop } from './start-shop';

watchProcess();

/** An item `fail` ends the call with an error, `end` with the response; others are sent back. */
function answer(call: any, { itemId }: any) {
  if (itemId === 'fail') call.emit('error', grpcError(9, 'out of stock'));
  else if (itemId === 'end') call.end();
  else call.write({ itemId });
}

const upstream = {
  Watch(call: any) {
    call.write({ itemId: 'first' });
    const { count } = call.request;
    if (count >= 0) answer(call, { itemId: count === 0 ? 'fail' : 'end' });
  },
  Collect(call: any, callback: any) {
    call.on('data', ({ itemId }: any) => {
      if (itemId === 'fail') callback(grpcError(9, 'out of stock'));
      if (itemId === 'end') callback(null, { total: 1 });
    });
  },
  Chat: (call: any) => call.on('data', (item: any) => answer(call, item)),
};

const mixed = {
  mixedWatch: (api: any, args: any) => api.items.watch(args),
  mixedCollect: (api: any, { callback }: any) => api.items.collect({}, { callback }),
  mixedChat: (api: any) => api.items.chat(),
};

async function startCalls() {
  const shop = await startShop(upstream, { actions: mixed });
  const controller = new AbortController();
  const callback = jest.fn();

  async function open(name: string, count: number) {
    const args = name.endsWith('atch') ? { count } : { callback };
    const input = { args, callback, ctx: shop.ctx, abortSignal: controller.signal };
    const { stream, responseData } = await shop.items[name]!(input);
    return stream ?? responseData;
  }

  async function expectReleased(layers: number, restStatus: number) {
    await eventually(() => shop.stats.length >= layers);
    await new Promise(setImmediate);
    expect(shop.stats.map((sent) => sent.restStatus)).toEqual(Array(layers).fill(restStatus));
    expect(shop.contexts().map(({ ends }) => ends)).toEqual(Array(layers).fill(1));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  }

  return { stats: shop.stats, open, expectReleased, callback, abort: () => controller.abort() };
}

describe.each([
  ['a server stream', 'watch', 1],
  ['a client stream', 'collect', 1],
  ['a bidi stream', 'chat', 1],
  ['a server stream of a mixed action', 'mixedWatch', 2],
  ['a client stream of a mixed action', 'mixedCollect', 2],
  ['a bidi stream of a mixed action', 'mixedChat', 2],
])('%s reports, ends its contexts and takes its listeners off once', (_kind, name, layers) => {
  test('at its end', async () => {
    const calls = await startCalls();
    const stream = await calls.open(name, 1);
    stream.resume?.();
    if (stream.writable) stream.end({ itemId: 'end' });
    await calls.expectReleased(layers, 200);
  });

  test('at an error that nobody listens to', async () => {
    const calls = await startCalls();
    const stream = await calls.open(name, 0);
    if (stream.writable) stream.write({ itemId: 'fail' });
    await calls.expectReleased(layers, 400);
  });

  test.each([
    ['the signal', (_stream: any, abort: () => void) => abort()],
    ['cancel', (stream: any) => stream.cancel()],
    ['destroy', (stream: any) => stream.destroy()],
  ])('when it is given up by %s', async (_by, giveUp) => {
    const calls = await startCalls();
    const stream = await calls.open(name, -1);
    if (stream.writable) stream.write({ itemId: 'first' });
    if (stream.readable) await new Promise((resolve) => stream.once('data', resolve));
    expect(calls.stats).toEqual([]);
    giveUp(stream, calls.abort);
    await calls.expectReleased(layers, 499);
  });
});

test.each(['watch', 'chat'])('%s: leaving the loop over a stream ends its call', async (name) => {
  const calls = await startCalls();
  const stream = await calls.open(name, -1);
  if (stream.writable) stream.write({ itemId: 'first' });
  const seen: string[] = [];
  for await (const { itemId } of stream) {
    seen.push(itemId);
    break;
  }
  expect(seen).toEqual(['first']);
  await calls.expectReleased(1, 499);
});

test('the size of a stream in the stats is what was streamed', async () => {
  const calls = await startCalls();
  (await calls.open('watch', 1)).resume();
  await eventually(() => calls.stats.length > 0);
  expect(calls.stats[0]).toMatchObject({
    grpcStatus: 0,
    requestMethod: 'Watch',
    requestUrl: 'shop.Items',
    responseSize: 7,
  });
});
