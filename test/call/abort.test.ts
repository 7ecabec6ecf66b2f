import { getEventListeners } from 'node:events';
import { mixed } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { eventually } from '../servers/eventually';
import { startGateway } from '../servers/start-gateway';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

const CANCELLED = { status: 499, code: 'ERR_CANCELED', message: expect.any(String) };

/** Hangs at the head, or in the body, and tells when the gateway has given up. */
async function startHanging(begin = '') {
  let closed = 0;
  const upstream = await startUpstream((_request, response) => {
    response.once('close', () => closed++);
    if (begin !== '') response.write(begin);
  });
  const isReached = () => upstream.requests.length > 0;
  return Object.assign(upstream, { isReached, isClosed: () => closed > 0 });
}

test.each([
  ['the head', ''],
  ['the body', '{"half":'],
])('an abortSignal given to api cancels the upstream in %s: 499', async (_name, begin) => {
  const upstream = await startHanging(begin);
  const { call } = await startRestAction(upstream.url, { retries: 3 });
  const abort = new AbortController();
  const failure = failureOf(call({ abortSignal: abort.signal }));
  await eventually(upstream.isReached);
  abort.abort();
  expect((await failure).error).toMatchObject(CANCELLED);
  await eventually(upstream.isClosed);
  expect(upstream.requests).toHaveLength(1);
});

test.each(['params', 'getAuthHeaders', 'proxyHeaders', 'endpoint'] as const)(
  'C4: a call cancelled in %s sends nothing',
  async (hook) => {
    const upstream = await startUpstream();
    const abort = new AbortController();
    const hooks = { [hook]: () => (abort.abort(), upstream.url) };
    const { call } = await startRestAction(upstream.url, { ...hooks });
    const { error } = await failureOf(call({ abortSignal: abort.signal }));
    expect(error).toMatchObject(CANCELLED);
    expect(upstream.connectionCount).toBe(0);
  },
);

test('C4: a hook that never ends does not hold a cancelled call', async () => {
  const upstream = await startUpstream();
  let isEntered = false;
  const params = () => new Promise<never>(() => (isEntered = true));
  const { call } = await startRestAction(upstream.url, { params });
  const abort = new AbortController();
  const failure = failureOf(call({ abortSignal: abort.signal }));
  await eventually(() => isEntered);
  abort.abort();
  expect((await failure).error).toMatchObject(CANCELLED);
});

test('a call with a signal that is aborted already runs no hook and sends nothing', async () => {
  const upstream = await startUpstream();
  const params = jest.fn(() => ({}));
  const { call } = await startRestAction(upstream.url, { params });
  const { error } = await failureOf(call({ abortSignal: AbortSignal.abort() }));
  expect(error).toMatchObject(CANCELLED);
  expect(params).not.toHaveBeenCalled();
  expect(upstream.connectionCount).toBe(0);
});

test('C3: no attempt comes after the signal was aborted in a pause', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('retry-after', '20');
    sendJson(response, {}, 503);
  });
  const abort = new AbortController();
  const axiosRetryCondition = () => (setImmediate(() => abort.abort()), true);
  const { call } = await startRestAction(upstream.url, { retries: 5, axiosRetryCondition });
  expect((await failureOf(call({ abortSignal: abort.signal }))).error).toMatchObject(CANCELLED);
  expect(upstream.requests).toHaveLength(1);
});

test('C3: no attempt comes after the client is gone, without abortOnClientDisconnect too', async () => {
  let isPausing = false;
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('retry-after', '20');
    sendJson(response, {}, 503);
  });
  const stats: object[] = [];
  const gateway = await startRestAction(
    upstream.url,
    { retries: 5, axiosRetryCondition: () => (isPausing = true) },
    { sendStats: (one) => void stats.push(one) },
  );
  gateway.server.on('connection', (socket) => {
    void eventually(() => isPausing).then(() => socket.destroy());
  });
  await expect(gateway.post()).rejects.toThrow();
  await eventually(() => stats.length > 0);
  expect(stats).toMatchObject([{ restStatus: 503 }]);
  expect(upstream.requests).toHaveLength(1);
});

describe('a mixed action', () => {
  const actions = {
    hang: { method: 'GET', path: '/hang' },
    both: (api: any) => Promise.all([api.s.hang(), api.s.hang()]),
    slow: mixed((api: any) => api.s.hang(), { timeout: 100 }),
  } as const;

  test('that is cancelled cancels its inner calls', async () => {
    const upstream = await startHanging();
    const { api } = await startGateway({ root: { s: { endpoints: upstream.url, actions } } });
    const abort = new AbortController();
    const failure = failureOf(api.s.both({ abortSignal: abort.signal } as never));
    await eventually(() => upstream.requests.length === 2);
    abort.abort();
    expect((await failure).error).toMatchObject(CANCELLED);
    await eventually(() => upstream.sockets.size === 0);
  });

  test('whose time is over cancels its inner calls, and is a 504', async () => {
    const upstream = await startHanging();
    const { ctx, children } = createRecordingContext();
    const { api } = await startGateway({ root: { s: { endpoints: upstream.url, actions } } });
    expect((await failureOf(api.s.slow({ ctx } as never))).error.status).toBe(504);
    await eventually(upstream.isClosed);
    await eventually(() => children().every(({ ends }) => ends === 1));
  });
});

describe('abortOnClientDisconnect', () => {
  test.each([
    ['the config', {}, { abortOnClientDisconnect: true }, 499],
    ['the action', { abortOnClientDisconnect: true }, {}, 499],
    [
      'the action over the config',
      { abortOnClientDisconnect: false },
      { abortOnClientDisconnect: true },
      200,
    ],
    ['none', {}, {}, 200],
  ])('of %s decides', async (_name, action, config, expected) => {
    const open: any[] = [];
    const upstream = await startUpstream((_request, response) => void open.push(response));
    const stats: any[] = [];
    const gateway = await startRestAction(upstream.url, action, {
      ...config,
      sendStats: (one) => void stats.push(one),
    });
    let isGone = false;
    gateway.server.on('request', ({ socket }, response) => {
      response.once('close', () => (isGone = true));
      void eventually(() => open.length === 1).then(() => socket.destroy());
    });
    await expect(gateway.post()).rejects.toThrow();
    await eventually(() => isGone);
    if (expected === 200) sendJson(open[0], {});
    await eventually(() => stats.length > 0);
    expect(stats).toMatchObject([{ restStatus: expected }]);
  });
});

test('one signal for many concurrent calls keeps no listener and prints no warning', async () => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 100 }, () => call({ abortSignal: signal })));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
