import { eventually } from '../../servers/eventually';
import { startGateway } from '../../servers/start-gateway';
import { failureOf, startRestAction } from '../../servers/start-rest-action';
import { sendJson, startUpstream } from '../../servers/start-upstream';

/** Holds every answer until `release`, and remembers how many were held at once. */
async function startHolding() {
  const held: any[] = [];
  let most = 0;
  const upstream = await startUpstream((_request, response) => {
    held.push(response);
    most = Math.max(most, held.length);
  });
  const release = () => held.splice(0).forEach((response) => sendJson(response, { ok: true }));
  return Object.assign(upstream, { held, most: () => most, release });
}

function many(count: number, call: () => Promise<unknown>) {
  return Array.from({ length: count }, call);
}

test.each(['GET', 'POST'] as const)(
  'L1: limits.upstreamSockets bounds %s requests at once, the rest waits its turn',
  async (method) => {
    const upstream = await startHolding();
    const { call } = await startRestAction(
      upstream.url,
      { method },
      { limits: { upstreamSockets: 4 } },
    );
    const calls = many(40, call);
    while (upstream.requests.length < 40) {
      await eventually(() => upstream.held.length === 4);
      upstream.release();
    }
    await Promise.all(calls);
    expect(upstream.most()).toBe(4);
  },
);

test('L1: by default 256 requests run at once', async () => {
  const upstream = await startHolding();
  const { call } = await startRestAction(upstream.url);
  const calls = many(300, call);
  await eventually(() => upstream.held.length === 256);
  expect(upstream.connectionCount).toBe(256);
  upstream.release();
  await eventually(() => upstream.held.length === 44);
  upstream.release();
  await Promise.all(calls);
  expect(upstream.connectionCount).toBe(256);
});

test('L1: what finds the queue full is a coded 503, the others succeed', async () => {
  const upstream = await startHolding();
  const limits = { upstreamSockets: 2, queue: 3 };
  const { call, post } = await startRestAction(upstream.url, { retries: 2 }, { limits });
  const calls = many(5, call);
  await eventually(() => upstream.held.length === 2);
  expect((await failureOf(call())).error).toMatchObject({ status: 503, code: 'OVERLOADED' });
  const { status, json } = await post();
  expect([status, json.code, typeof json.message]).toEqual([503, 'OVERLOADED', 'string']);
  for (let round = 0; round < 3; round++) {
    await eventually(() => upstream.held.length === (round === 2 ? 1 : 2));
    upstream.release();
  }
  await expect(Promise.all(calls)).resolves.toHaveLength(5);
});

test('L1: origins have slots of their own, shared by all services of a gateway', async () => {
  const [full, free] = [await startHolding(), await startUpstream()];
  const actions = { get: { method: 'GET', path: '/' } } as const;
  const { api } = await startGateway(
    {
      root: {
        full: { endpoints: full.url, actions },
        beside: { endpoints: `${full.url}/base`, actions },
        free: { endpoints: free.url, actions },
      },
    },
    { limits: { upstreamSockets: 1, queue: 0 } },
  );
  const held = api.full.get();
  await eventually(() => full.held.length === 1);
  expect((await failureOf(api.beside.get())).error.code).toBe('OVERLOADED');
  await expect(api.free.get()).resolves.toBeDefined();
  full.release();
  await held;
});

test('a call that is cancelled or too late while it waits leaves the queue', async () => {
  const upstream = await startHolding();
  const limits = { upstreamSockets: 1, queue: 2 };
  const { call } = await startRestAction(upstream.url, {}, { limits });
  const held = call();
  await eventually(() => upstream.held.length === 1);
  const abort = new AbortController();
  const waiting = [call({ abortSignal: abort.signal }), call({ timeout: 30 })].map(failureOf);
  abort.abort();
  const failures = await Promise.all(waiting);
  expect(failures.map(({ error }) => error.status)).toEqual([499, 504]);
  upstream.release();
  await held;
  const again = many(3, call);
  for (let n = 0; n < 3; n++) {
    await eventually(() => upstream.held.length === 1);
    upstream.release();
  }
  await Promise.all(again);
  expect(upstream.requests).toHaveLength(4);
});

describe('a slot is given back after', () => {
  const limits = { upstreamSockets: 1, queue: 0 };

  test.each([
    ['an error', {}, 500],
    ['a timeout', { timeout: 50 }, 504],
    ['an answer of the wrong type', { expectedResponseContentType: 'text/csv' }, 415],
    [
      'a stream of the wrong type',
      { expectedResponseContentType: 'text/csv', responseType: 'stream' as const },
      415,
    ],
    [
      'a transform that fails over a stream',
      {
        responseType: 'stream' as const,
        transformResponseData: () => Promise.reject(new Error('no')),
      },
      500,
    ],
  ])('%s', async (_name, definition, status) => {
    const upstream = await startUpstream((_request, response) => {
      if (status === 500 && !('responseType' in definition)) sendJson(response, {}, 500);
      else if (status !== 504) sendJson(response, { text: 'x'.repeat(200_000) });
    });
    const { call } = await startRestAction(upstream.url, definition, { limits });
    for (let n = 0; n < 3; n++) {
      const failed: unknown = await call().then(
        () => undefined,
        ({ error }: any) => error.status as number,
      );
      expect(failed).toBe(status);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
});
