import { Readable } from 'node:stream';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { sendJson, startRawUpstream, startUpstream } from '../servers/start-upstream';

/** Fails `failures` times before it succeeds; counts what it received. */
function startUnsteady(failures: number, status = 503, headers: Record<string, string> = {}) {
  let left = failures;
  return startUpstream((_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (left-- > 0) sendJson(response, { code: 'DOWN' }, status);
    else sendJson(response, { ok: true });
  });
}

test.each([
  ['the call over the action', { retries: 1 }, { retries: 3 }, 2],
  ['0 of the call over the action', { retries: 0 }, { retries: 3 }, 1],
  ['the action', {}, { retries: 2 }, 3],
  ['0 by default', {}, {}, 1],
])('retries: %s', async (_name, given, definition, attempts) => {
  const upstream = await startUnsteady(Infinity);
  const { call } = await startRestAction(upstream.url, definition);
  const { error } = await failureOf(call(given));
  expect(error).toMatchObject({ status: 503, code: 'DOWN' });
  expect(upstream.requests).toHaveLength(attempts);
});

test('a retry that succeeds is the answer, and attempts are numbered from the first retry', async () => {
  const upstream = await startUnsteady(2);
  const { post } = await startRestAction(upstream.url, { retries: 5 });
  expect(await post()).toMatchObject({ status: 200, json: { ok: true } });
  const attempts = upstream.requests.map(({ headers }) => headers['x-request-attempt']);
  expect(attempts).toEqual([undefined, '1', '2']);
});

test.each([
  [1, [400, 401, 403, 404, 409, 422]],
  [2, [429, 500, 502, 503, 504]],
] as const)(
  'with one retry the upstream is asked %d times where it answers %j',
  async (attempts, statuses) => {
    for (const status of statuses) {
      const upstream = await startUnsteady(1, status);
      const { post } = await startRestAction(upstream.url, { retries: 1 });
      expect((await post()).status).toBe(attempts === 1 ? status : 200);
      expect(upstream.requests).toHaveLength(attempts);
    }
  },
);

const conditions = {
  never: { axiosRetryCondition: () => false },
  always: { axiosRetryCondition: () => true },
  later: { axiosRetryCondition: () => Promise.resolve(true) },
};

test.each([
  ["the action's over the config's", conditions.never, conditions.always, 503, 1],
  ["the config's", {}, conditions.always, 404, 2],
  ['an async one', conditions.later, {}, 404, 2],
  ['none', {}, {}, 404, 1],
])('axiosRetryCondition: %s', async (_name, action, config, status, attempts) => {
  const upstream = await startUnsteady(1, status);
  const { post } = await startRestAction(upstream.url, { retries: 1, ...action }, config);
  await post();
  expect(upstream.requests).toHaveLength(attempts);
});

test('axiosRetryCondition is given the error of axios', async () => {
  const seen: any[] = [];
  const axiosRetryCondition = (error: any) => seen.push(error) > 1;
  const upstream = await startUnsteady(Infinity, 418);
  const { post } = await startRestAction(upstream.url, { retries: 1, axiosRetryCondition });
  expect((await post()).status).toBe(418);
  expect(seen).toMatchObject([
    { isAxiosError: true, response: { status: 418, data: { code: 'DOWN' } } },
  ]);
});

test('an axiosRetryCondition that throws ends the call with a coded 500', async () => {
  const upstream = await startUnsteady(Infinity);
  const axiosRetryCondition = () => {
    throw new Error('condition');
  };
  const { post } = await startRestAction(upstream.url, { retries: 1, axiosRetryCondition });
  expect(await post()).toMatchObject({ status: 500, json: { code: expect.any(String) } });
  expect(upstream.requests).toHaveLength(1);
});

describe('C1: a write that may have been received', () => {
  const own = { axiosRetryCondition: () => true };
  test.each([
    ['is not repeated', {}, {}, 1],
    ['is repeated with idempotency', { idempotency: true }, {}, 2],
    ['is repeated with an own condition', own, {}, 2],
    ["is repeated with the config's condition", {}, own, 2],
    ['is repeated with retryWrites always', {}, { retryWrites: 'always' as const }, 2],
  ])('%s', async (_name, action, config, attempts) => {
    for (const method of ['POST', 'PATCH'] as const) {
      const upstream = await startUnsteady(1);
      const { call } = await startRestAction(
        upstream.url,
        { method, retries: 1, ...action },
        config,
      );
      await call().catch(() => undefined);
      expect(upstream.requests).toHaveLength(attempts);
    }
  });

  test('is not repeated when the answer is cut', async () => {
    let connections = 0;
    const upstream = await startRawUpstream((socket) => {
      connections++;
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'));
    });
    const { call } = await startRestAction(upstream.url, { method: 'POST', retries: 2 });
    expect((await failureOf(call())).error).toMatchObject({ status: 502, code: 'ECONNRESET' });
    expect(connections).toBe(1);
  });

  test('is repeated when the connection was never made', async () => {
    let attempts = 0;
    const config = {
      axiosInterceptors: { request: [{ callback: (sent: any) => (attempts++, sent) }] },
    };
    const upstream = await startUpstream();
    await upstream.close();
    const { call } = await startRestAction(upstream.url, { method: 'POST', retries: 2 }, config);
    expect((await failureOf(call())).error).toMatchObject({ status: 502, code: 'ECONNREFUSED' });
    expect(attempts).toBe(3);
  });
});

test('C1: one idempotency-key serves all attempts, another call has another', async () => {
  const upstream = await startUnsteady(2);
  const { call } = await startRestAction(upstream.url, {
    method: 'POST',
    retries: 2,
    idempotency: true,
  });
  await call();
  await call();
  await call({ headers: { 'idempotency-key': 'own' } });
  const keys = upstream.requests.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(new Set(keys).size).toBe(3);
  expect(keys.at(-1)).toBe('own');
});

test('hooks and headers are prepared once, interceptors of axios run per attempt', async () => {
  const counts = { params: 0, request: 0, answered: 0, failed: 0 };
  const upstream = await startUnsteady(2);
  const { post } = await startRestAction(
    upstream.url,
    { retries: 2, params: () => (counts.params++, {}) },
    {
      axiosInterceptors: {
        request: [
          {
            callback: (sent) => {
              sent.headers.set('x-sent', String(++counts.request));
              return sent;
            },
          },
        ],
        response: [
          {
            callback: (answer) => (counts.answered++, answer),
            errorCallback: (error: any) => (counts.failed++, Promise.reject(error as Error)),
          },
        ],
      },
    },
  );
  expect((await post()).status).toBe(200);
  expect(counts).toEqual({ params: 1, request: 3, answered: 1, failed: 2 });
  expect(upstream.requests.map(({ headers }) => headers['x-sent'])).toEqual(['1', '2', '3']);
});

test('C3: a Retry-After that does not fit in the time ends the call at once', async () => {
  const upstream = await startUnsteady(1, 503, { 'retry-after': '60' });
  const { call } = await startRestAction(upstream.url, { retries: 3, timeout: 20_000 });
  expect((await failureOf(call())).error.status).toBe(503);
  expect(upstream.requests).toHaveLength(1);
});

test('C3: no attempt comes before the time that Retry-After asks for', async () => {
  const receivedMs: number[] = [];
  const upstream = await startUpstream((_request, response) => {
    receivedMs.push(performance.now());
    response.setHeader('retry-after', '1');
    sendJson(response, {}, receivedMs.length === 1 ? 429 : 200);
  });
  const { post } = await startRestAction(upstream.url, { retries: 1 });
  expect((await post()).status).toBe(200);
  const [first = 0, second = 0] = receivedMs;
  // Timers may fire a millisecond early.
  expect(second - first).toBeGreaterThan(990);
});

test('a body that is a stream is sent once only', async () => {
  const upstream = await startUnsteady(1);
  const { call } = await startRestAction(upstream.url, {
    method: 'PUT',
    retries: 2,
    params: () => ({ body: Readable.from(['piece']) }),
  });
  expect((await failureOf(call())).error.status).toBe(503);
  expect(upstream.requests).toHaveLength(1);
  expect(upstream.last.body.toString()).toBe('piece');
});
