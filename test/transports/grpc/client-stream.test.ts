import { eventually } from '../../servers/eventually';
import { grpcError } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';
import { watchProcess } from '../../servers/watch-process';
import { startShop } from './start-shop';

watchProcess();

/** Adds up the stock; less than nothing is an error. */
function Collect(call: any, callback: any) {
  let total = 0;
  call.on('data', ({ stockCount }: any) => (total += Number(stockCount)));
  call.on('end', () => {
    if (total < 0) callback(grpcError(9, 'below zero'));
    else callback(null, { total });
  });
}

test('the callback of a client stream is given the response', async () => {
  const callback = jest.fn();
  const { items } = await startShop({ Collect });
  const { stream } = await items.collect!({ callback });
  stream.write({ stockCount: '2' });
  stream.end({ stockCount: '3' });
  await eventually(() => callback.mock.calls.length > 0);
  expect(callback.mock.calls).toEqual([[{ total: 5 }]]);
});

test('a mixed action gives the callback beside the args', async () => {
  const callback = jest.fn();
  const total = (api: any, counts: any) =>
    api.items.collect({}, { callback }).then((stream: any) => {
      for (const stockCount of counts.list) stream.write({ stockCount });
      stream.end();
    });
  const { items } = await startShop({ Collect }, { actions: { total } });
  await items.total!({ args: { list: [1, 2, 3] } });
  await eventually(() => callback.mock.calls.length > 0);
  expect(callback.mock.calls).toEqual([[{ total: 6 }]]);
});

test.each([undefined, 'callback', {}])(
  'without a callback (%p) it is refused with 400, and nothing is sent',
  async (callback) => {
    const seen = jest.fn(Collect);
    const { items } = await startShop({ Collect: seen });
    const { error } = await failureOf(items.collect!({ callback }));
    expect(error).toMatchObject({ status: 400, code: 'ACTION_CALLBACK_REQUIRED' });
    expect(seen).not.toHaveBeenCalled();
  },
);

test('an error after the last message reaches those who listen, and not the callback', async () => {
  const callback = jest.fn();
  const { items, stats } = await startShop({ Collect });
  const { stream } = await items.collect!({ callback });
  const failed = new Promise<any>((resolve) => stream.once('error', resolve));
  stream.end({ stockCount: '-1' });
  expect(await failed).toMatchObject({ code: 9, details: 'below zero' });
  await eventually(() => stats.length > 0);
  expect(stats[0]).toMatchObject({ restStatus: 400, grpcStatus: 9 });
  expect(callback).not.toHaveBeenCalled();
});

test.each([
  ['throws', () => throwOops()],
  ['rejects', () => Promise.reject(new Error('oops'))],
])('a callback that %s is an error of the stream, and no uncaught one', async (_how, callback) => {
  const { items, stats } = await startShop({ Collect });
  const { stream } = await items.collect!({ callback });
  const failed = new Promise<any>((resolve) => stream.once('error', resolve));
  stream.end();
  expect((await failed).message).toBe('oops');
  await eventually(() => stats.length > 0);
  expect(stats[0]).toMatchObject({ restStatus: 200 });
});

function throwOops() {
  throw new Error('oops');
}

test('a message that does not fit ends the stream with an error, and is no uncaught one', async () => {
  const { items, stats } = await startShop({ Collect });
  const { stream } = await items.collect!({ callback: () => undefined });
  const failed = new Promise<any>((resolve) => stream.once('error', resolve));
  stream.write({ level: -1 });
  expect((await failed).details).toContain('level');
  await eventually(() => stats.length > 0);
  expect(stats).toHaveLength(1);
});
