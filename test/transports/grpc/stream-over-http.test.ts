import { Readable, Transform } from 'node:stream';
import { eventually } from '../../servers/eventually';
import { watchProcess } from '../../servers/watch-process';
import { startShop } from './start-shop';

watchProcess();

/** Streams that never end by themselves, and how many of them the upstream sees opened and cancelled. */
function createEndless() {
  const seen = { opened: 0, cancelled: 0 };
  const open = (call: any) => {
    seen.opened++;
    call.on('cancelled', () => seen.cancelled++);
    call.on('error', () => undefined);
    call.resume?.();
  };
  const Watch = (call: any) => {
    open(call);
    call.write({ itemId: 'a' });
    call.write({ itemId: 'b' });
  };
  return { seen, shop: { Watch, Collect: open, Chat: open } };
}

test.each(['watch', 'collect', 'chat'])(
  'R5 %s over HTTP is refused with 501, and no upstream call is made',
  async (name) => {
    const { seen, shop } = createEndless();
    const gateway = await startShop(shop);
    expect(await gateway.post(`items/${name}`)).toMatchObject({
      status: 501,
      json: { code: 'STREAM_NOT_SUPPORTED', status: 501 },
    });
    expect(seen.opened).toBe(0);
  },
);

test.each(['watch', 'collect', 'chat'])(
  'R5 a mixed action that answers with the stream of %s over HTTP: 501, the upstream cancelled',
  async (name) => {
    const { seen, shop } = createEndless();
    const passOn = (api: any) => api.items[name]({}, { callback: () => undefined });
    const gateway = await startShop(shop, { actions: { passOn } });
    const answer = await gateway.post('items/passOn');
    expect(answer).toMatchObject({ status: 501, json: { code: 'STREAM_NOT_SUPPORTED' } });
    await eventually(() => gateway.stats.length === 2);
    await eventually(() => seen.cancelled === seen.opened);
    expect(gateway.stats.map(({ restStatus }) => restStatus)).toEqual([499, 499]);
  },
);

/** Turns messages into bytes: by a generator, or by a stream that `pipe` alone connects. */
const byLoop = (api: any) =>
  api.items.watch({}).then((stream: AsyncIterable<any>) => {
    const lines = async function* () {
      for await (const { itemId } of stream) yield `${itemId}\n`;
    };
    return Readable.from(lines());
  });
const byPipe = (api: any) =>
  api.items.watch({}).then((stream: Readable) => {
    const toLine = ({ itemId }: any, _encoding: unknown, done: (e: null, line: string) => void) =>
      done(null, `${itemId}\n`);
    return stream.pipe(new Transform({ writableObjectMode: true, transform: toLine }));
  });

test.each([
  ['a loop', byLoop],
  ['a pipe', byPipe],
])('R5 messages that a mixed action turns into bytes by %s are streamed', async (_by, toLines) => {
  const Watch = (call: any) => {
    call.write({ itemId: 'a' });
    call.write({ itemId: 'b' });
    call.end();
  };
  const gateway = await startShop({ Watch }, { actions: { toLines } });
  expect(await gateway.post('items/toLines')).toMatchObject({ status: 200, text: 'a\nb\n' });
});

test.each([
  ['a loop, with abortOnClientDisconnect', byLoop, { abortOnClientDisconnect: true }],
  ['a pipe, without the flag', byPipe, {}],
])('R5 when the browser leaves, the upstream is cancelled: %s', async (_by, toLines, config) => {
  const { seen, shop } = createEndless();
  const gateway = await startShop(shop, { actions: { toLines }, config });
  const body = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(`${gateway.url}/gateway/items/toLines`, { ...body, signal });
  await response.body?.getReader().read();
  controller.abort();
  await eventually(() => seen.cancelled === 1);
  await eventually(() => gateway.stats.length === 2);
});

test('R5 onRequestSuccess is given the stream and may answer with it', async () => {
  const { seen, shop } = createEndless();
  const passOn = (api: any) => api.items.watch({});
  const onRequestSuccess = async (_req: any, res: any, stream: AsyncIterable<any>) => {
    for await (const { itemId } of stream) {
      res.end(itemId);
      break;
    }
  };
  const gateway = await startShop(shop, { actions: { passOn }, config: { onRequestSuccess } });
  expect(await gateway.post('items/passOn')).toMatchObject({ status: 200, text: 'a' });
  await eventually(() => seen.cancelled === 1);
});

test('R5 a hook that fails over a stream: 500 coded, the upstream cancelled', async () => {
  const { seen, shop } = createEndless();
  const passOn = (api: any) => api.items.watch({});
  const onRequestSuccess = () => Promise.reject(new Error('boom'));
  const gateway = await startShop(shop, { actions: { passOn }, config: { onRequestSuccess } });
  expect(await gateway.post('items/passOn')).toMatchObject({
    status: 500,
    json: { code: 'GATEWAY_REQUEST_ERROR' },
  });
  await eventually(() => seen.cancelled === seen.opened);
  await eventually(() => gateway.stats.length === 2);
});
