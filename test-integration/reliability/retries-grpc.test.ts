import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/servers/eventually';
import { grpcError, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { startTcpRelay } from '../../test/servers/start-tcp-relay';
import { shopActions, startShop, startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

/** What a method does in its first calls; then it answers. `silence` never ends. */
function acting(...first: (number | 'silence')[]) {
  const seen = { calls: 0, cancelled: 0 };
  const Get = (call: any, callback: any) => {
    const next = first[seen.calls++];
    call.on('cancelled', () => seen.cancelled++);
    if (next === undefined) callback(null, { itemId: 'a' });
    else if (next !== 'silence') callback(grpcError(next, 'no'));
  };
  return { seen, Get };
}

const again = { get: { ...shopActions.get, retries: 2 } };
const always = { grpcRetryCondition: () => true };

promise(
  'C2',
  'By default a unary gRPC call is repeated after UNAVAILABLE, CANCELLED, ABORTED and UNKNOWN, and after no other code.',
  (express) => {
    test.each([14, 1, 10, 2])('%i is repeated', async (code) => {
      const { seen, Get } = acting(code, code);
      const { post } = await startShop({ Get }, { actions: again, express });
      expect(await post('items/get')).toMatchObject({ status: 200, json: { itemId: 'a' } });
      expect(seen.calls).toBe(3);
    });

    test('all others are not', async () => {
      const { seen, Get } = acting(...Array<number>(100).fill(0));
      const others = [3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 42];
      const Fail = (call: any, callback: any) => {
        Get(call, () => undefined);
        callback(grpcError(others[seen.calls - 1] ?? 0, 'no'));
      };
      const { post } = await startShop({ Get: Fail }, { actions: again, express });
      for (const code of others) {
        expect((await post('items/get')).json.details.grpcCode).toBe(code);
      }
      expect(seen.calls).toBe(others.length);
    });
  },
);

promise('C2', 'grpcRetryCondition decides in place of the codes.', (express) => {
  test.each([
    ['repeats another code', 5, true, 3],
    ['repeats nothing', 14, false, 1],
  ])('%s', async (_name, code, wanted, calls) => {
    const { seen, Get } = acting(code, code);
    const config = { grpcRetryCondition: () => Promise.resolve(wanted) };
    const { post } = await startShop({ Get }, { actions: again, config, express });
    expect((await post('items/get')).status).toBe(wanted ? 200 : 503);
    expect(seen.calls).toBe(calls);
  });
});

promise('C2', 'A call that its own side has cancelled is never repeated.', (express) => {
  const conditions: [string, object][] = [
    ['by default', {}],
    ['whatever grpcRetryCondition says', always],
  ];
  test.each(conditions)('by a signal, %s', async (_name, config) => {
    const { seen, Get } = acting('silence');
    const { items } = await startShop({ Get }, { actions: again, config, express });
    const abort = new AbortController();
    const failure = failureOf(items.get!({ abortSignal: abort.signal }));
    await eventually(() => seen.calls === 1);
    abort.abort();
    expect((await failure).error).toMatchObject({ status: 499, code: 'REQUEST_WAS_CANCELLED' });
    await eventually(() => seen.cancelled === 1);
    await sleep(200);
    expect(seen.calls).toBe(1);
  });
});

promise('C2', 'Nothing is repeated when the total time is over.', (express) => {
  test.each(['by the config', 'by the action'])('%s', async (where) => {
    const { seen, Get } = acting(...Array<'silence'>(100).fill('silence'));
    const times = { totalTimeout: 500 };
    const isOfConfig = where === 'by the config';
    const get = { ...shopActions.get, retries: 50, timeout: 150, ...(!isOfConfig && times) };
    const config = { ...always, ...(isOfConfig && times) };
    const { post } = await startShop({ Get }, { actions: { get }, config, express });
    expect((await post('items/get')).status).toBe(504);
    const { calls } = seen;
    // Each attempt may take 150 ms, and a pause is 50 ms at least.
    expect(calls).toBeLessThanOrEqual(3);
    await sleep(300);
    expect(seen.calls).toBe(calls);
  });
});

const brief = { get: { ...shopActions.get, retries: 2, timeout: 1000 } };

promise(
  'C2',
  'After the deadline of an attempt the call is repeated only if grpcRetryCondition says so; each attempt has the time anew.',
  (express) => {
    test('by default it is not', async () => {
      const { seen, Get } = acting('silence');
      const { post } = await startShop({ Get }, { actions: brief, express });
      expect((await post('items/get')).status).toBe(504);
      expect(seen.calls).toBe(1);
    });

    test('a condition may want it', async () => {
      const { seen, Get } = acting('silence', 'silence');
      const config = { grpcRetryCondition: ({ code }: any) => code === 4, totalTimeout: 20_000 };
      const { post } = await startShop({ Get }, { actions: brief, config, express });
      expect((await post('items/get')).status).toBe(200);
      expect(seen.calls).toBe(3);
    });
  },
);

promise(
  'C2',
  'After a deadline the client is created anew when no attempt follows, unless grpcRecreateService is false.',
  (express) => {
    const wanted = { grpcRetryCondition: ({ code }: any) => code === 4, totalTimeout: 20_000 };
    test.each<[string, object, ('silence' | number)[], number, number]>([
      ['no attempt follows', {}, ['silence'], 504, 2],
      ['no attempt is left', wanted, ['silence', 'silence', 'silence'], 504, 2],
      ['an attempt follows', wanted, ['silence'], 200, 1],
      ['it is not wanted', { grpcRecreateService: false }, ['silence'], 504, 1],
    ])('%s', async (_name, config, first, status, connections) => {
      const { Get } = acting(...first);
      const { port } = await startGrpcUpstream({ Get });
      const relay = await startTcpRelay(port);
      const { post } = await startShopAt(relay.address, { actions: brief, config, express });
      expect((await post('items/get')).status).toBe(status);
      expect((await post('items/get')).status).toBe(200);
      expect(relay.count).toBe(connections);
      await eventually(() => relay.sockets.size === 1);
    });
  },
);
