import { Metadata } from '@grpc/grpc-js';
import { grpcError } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';
import { watchProcess } from '../../servers/watch-process';
import { shopActions, startShop } from './start-shop';

watchProcess();

/** Fails with `code` as often as told, then answers. */
function failing(code: number, times = Infinity, trailer?: Metadata) {
  const seen = { calls: 0, previous: [] as unknown[] };
  const Get = (call: any, callback: any) => {
    seen.calls++;
    seen.previous.push(...call.metadata.get('idempotency-key'));
    if (seen.calls <= times) callback(grpcError(code, 'failed', trailer));
    else callback(null, { itemId: 'a' });
  };
  return { seen, Get };
}

test.each([
  [14, 'UNAVAILABLE'],
  [1, 'CANCELLED'],
  [10, 'ABORTED'],
  [2, 'UNKNOWN'],
])('code %i (%s) is repeated by default', async (code) => {
  const { seen, Get } = failing(code, 2);
  const { items, stats } = await startShop({ Get });
  const { responseData } = await items.get!({ retries: 2 });
  expect(responseData.itemId).toBe('a');
  expect(seen.calls).toBe(3);
  expect(stats).toMatchObject([{ restStatus: 200, grpcStatus: 0 }]);
});

test.each([3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 42])(
  'code %i is not repeated by default',
  async (code) => {
    const { seen, Get } = failing(code);
    const { items } = await startShop({ Get });
    const { error } = await failureOf(items.get!({ retries: 2 }));
    expect(error.details.grpcCode).toBe(code);
    expect(seen.calls).toBe(1);
  },
);

test.each([
  ['nothing says how often', {}, {}, 1],
  ['the action says once', { retries: 1 }, {}, 2],
  ['the call says twice, over the action', { retries: 1 }, { retries: 2 }, 3],
  ['the call says never, over the action', { retries: 1 }, { retries: 0 }, 1],
])('%s', async (_what, definition, input, calls) => {
  const { seen, Get } = failing(14);
  const actions = { get: { ...shopActions.get, ...definition } };
  const { items, stats } = await startShop({ Get }, { actions });
  const { error } = await failureOf(items.get!(input));
  expect(error).toMatchObject({ status: 503, message: 'failed' });
  expect(seen.calls).toBe(calls);
  expect(stats).toHaveLength(1);
});

describe('grpcRetryCondition', () => {
  test.each([
    ['repeats what it wants', 5, () => true, 3],
    ['may be async', 5, () => Promise.resolve(true), 3],
    ['repeats nothing else', 14, () => false, 1],
    ['sees the error', 5, ({ code, details }: any) => code === 5 && details === 'failed', 3],
    ['is given the metadata', 5, ({ metadata }: any) => metadata.get('x-again')[0] === 'yes', 3],
  ])('%s', async (_what, code, grpcRetryCondition, calls) => {
    const trailer = new Metadata();
    trailer.set('x-again', 'yes');
    const { seen, Get } = failing(code, Infinity, trailer);
    const { items } = await startShop({ Get }, { config: { grpcRetryCondition } });
    await failureOf(items.get!({ retries: 2 }));
    expect(seen.calls).toBe(calls);
  });

  test('is not asked when no attempt is left, or after a success', async () => {
    const grpcRetryCondition = jest.fn(() => true);
    const { Get } = failing(14, 1);
    const { items } = await startShop({ Get }, { config: { grpcRetryCondition } });
    await failureOf(items.get!());
    await items.get!({ retries: 3 });
    expect(grpcRetryCondition).not.toHaveBeenCalled();
  });

  test('K1 that throws ends the call with 500', async () => {
    const { seen, Get } = failing(14);
    const grpcRetryCondition = () => {
      throw new Error('boom');
    };
    const { items } = await startShop({ Get }, { config: { grpcRetryCondition } });
    const { error } = await failureOf(items.get!({ retries: 2 }));
    expect(error).toMatchObject({ status: 500, message: 'grpcRetryCondition failed' });
    expect(seen.calls).toBe(1);
  });
});

test.each([
  ['-1', 1],
  ['soon', 1],
  ['60000', 1],
  ['20', 3],
])('C3 grpc-retry-pushback-ms: %s is heard', async (pushback, calls) => {
  const trailer = new Metadata();
  trailer.set('grpc-retry-pushback-ms', pushback);
  const { seen, Get } = failing(14, Infinity, trailer);
  const { items } = await startShop({ Get }, { config: { grpcRetryCondition: () => true } });
  await failureOf(items.get!({ retries: 2, timeout: 5000 }));
  expect(seen.calls).toBe(calls);
});

test('C1 one idempotency-key serves all attempts', async () => {
  const { seen, Get } = failing(14, 2);
  const actions = { get: { ...shopActions.get, idempotency: true, retries: 2 } };
  const { items } = await startShop({ Get }, { actions });
  await items.get!();
  expect(seen.previous).toHaveLength(3);
  expect(new Set(seen.previous).size).toBe(1);
});

test('a stream is never repeated', async () => {
  let calls = 0;
  const Watch = (call: any) => {
    calls++;
    call.emit('error', grpcError(14, 'failed'));
  };
  const { items } = await startShop({ Watch });
  const { stream } = await items.watch!({ retries: 3 });
  await new Promise((resolve) => stream.once('error', resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(calls).toBe(1);
});
