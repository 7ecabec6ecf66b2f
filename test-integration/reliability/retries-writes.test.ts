import { createRecordingContext } from '../../test/fakes/recording-context';
import { failureOf, startRestAction } from '../../test/servers/start-rest-action';
import { sendJson, startRawUpstream, startUpstream } from '../../test/servers/start-upstream';
import { startShop } from '../../test/transports/grpc/start-shop';
import { grpcError } from '../../test/servers/start-grpc-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const WRITES = ['POST', 'PATCH'] as const;

/** Receives a whole request, and then fails, each time. */
async function startFailing(how: 'status' | 'reset' | 'cut' | 'silence') {
  let count = 0;
  const { url } = await startRawUpstream((socket) => {
    socket.on('data', () => {
      count++;
      if (how === 'status') socket.write('HTTP/1.1 503 X\r\ncontent-length: 2\r\n\r\n{}');
      if (how === 'reset') socket.resetAndDestroy();
      if (how === 'cut') socket.end('HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nhalf');
    });
  });
  return { url, count: () => count };
}

const wires: [string, object][] = [
  ['by default', {}],
  ['with options of axios', { axiosConfig: { maxBodyLength: 1000 } }],
];
const failures = ['status', 'reset', 'cut', 'silence'] as const;

promise('C1', 'A POST or PATCH that may have been received is sent once only.', (express) => {
  const all = wires.flatMap(([wire, config]) =>
    WRITES.flatMap((method) => failures.map((how) => [wire, method, how, config] as const)),
  );
  test.each(all)('%s: %s that ends in %s', async (_wire, method, how, config) => {
    const upstream = await startFailing(how);
    const definition = { method, retries: 3, timeout: how === 'silence' ? 300 : 10_000 };
    const { post, call } = await startRestAction(upstream.url, definition, config, { express });
    expect((await post()).status).toBeGreaterThanOrEqual(502);
    expect((await failureOf(call())).error.status).toBeGreaterThanOrEqual(502);
    expect(upstream.count()).toBe(2);
  });
});

/** How many attempts a failing call had. */
async function attemptsOf(
  url: string,
  definition: object,
  config: object,
  express: ExpressVersion,
) {
  const { ctx, children } = createRecordingContext();
  const onBeforeAction = (req: any) => void (req.ctx = ctx);
  const { post } = await startRestAction(
    url,
    definition,
    { onBeforeAction, ...config },
    { express },
  );
  const { status, json } = await post();
  return { status, code: json.code, attempt: children()[0]?.errors[0]?.extra?.['attempt'] };
}

promise('C1', 'A POST or PATCH is repeated where no connection was made.', (express) => {
  const all = wires.flatMap(([wire, config]) =>
    WRITES.map((method) => [wire, method, config] as const),
  );
  test.each(all)('%s: %s', async (_wire, method, config) => {
    const upstream = await startUpstream();
    await upstream.close();
    const definition = { method, retries: 2 };
    const refused = await attemptsOf(upstream.url, definition, config, express);
    expect(refused).toEqual({ status: 502, code: 'ECONNREFUSED', attempt: 3 });
    const unknown = await attemptsOf('http://up.invalid', definition, config, express);
    expect(unknown).toMatchObject({ status: 502, attempt: 3 });
  });
});

const own = { axiosRetryCondition: () => true };

promise(
  'C1',
  'A POST or PATCH is repeated with idempotency, with an own axiosRetryCondition, or with retryWrites always.',
  (express) => {
    const ways: [string, object, object][] = [
      ['idempotency', { idempotency: true }, {}],
      ['a condition of the action', own, {}],
      ['a condition of the config', {}, own],
      ['retryWrites', {}, { retryWrites: 'always' }],
    ];
    const all = ways.flatMap((way) => WRITES.map((method) => [...way, method] as const));
    test.each(all)('%s', async (_name, action, config, method) => {
      const upstream = await startFailing('status');
      const definition = { method, retries: 2, ...action };
      const { post } = await startRestAction(upstream.url, definition, config, { express });
      expect((await post()).status).toBe(503);
      expect(upstream.count()).toBe(3);
    });
  },
);

promise('C1', 'One idempotency-key serves all attempts of a call.', (express) => {
  /** Keys by call: three attempts each, the last one succeeds. */
  function expectKeys(keys: unknown[]) {
    expect(keys).toHaveLength(9);
    const calls = [0, 3, 6].map((at) => [...new Set(keys.slice(at, at + 3))]);
    expect(calls.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(new Set(calls.flat()).size).toBe(3);
    expect(calls[0]?.[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(calls[2]).toEqual(['of the caller']);
  }
  const given = { 'idempotency-key': 'of the caller' };

  test.each(['GET', ...WRITES] as const)('REST: %s', async (method) => {
    const upstream = await startUpstream((_request, response) => {
      sendJson(response, {}, upstream.requests.length % 3 === 0 ? 200 : 503);
    });
    const definition = { method, retries: 2, idempotency: true };
    const { post, call } = await startRestAction(upstream.url, definition, {}, { express });
    expect([await post(), await call(), await post({}, given)]).toMatchObject([
      { status: 200 },
      {},
      { status: 200 },
    ]);
    expectKeys(upstream.requests.map(({ headers }) => headers['idempotency-key']));
  });

  test('gRPC', async () => {
    const keys: unknown[] = [];
    const Get = ({ metadata }: any, callback: any) => {
      keys.push(...metadata.get('idempotency-key'));
      if (keys.length % 3 === 0) callback(null, {});
      else callback(grpcError(14, 'no'));
    };
    const run = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };
    const actions = { run: { ...run, retries: 2, idempotency: true } };
    const { post, items } = await startShop({ Get }, { actions, express });
    await post('items/run');
    await items['run']!();
    await post('items/run', {}, given);
    expectKeys(keys);
  });
});
