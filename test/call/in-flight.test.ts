import { eventually } from '../servers/eventually';
import { startGateway } from '../servers/start-gateway';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

const CLOSED = { status: 503, code: 'GATEWAY_CLOSED', message: expect.any(String) };

async function startHeld(definition = {}) {
  const open: any[] = [];
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/run') open.push(response);
    else sendJson(response, {});
  });
  const gateway = await startRestAction(upstream.url, definition);
  const running = (call: Promise<unknown>) =>
    eventually(() => open.length > 0).then(() => ({ call: call.catch((error: unknown) => error) }));
  return { upstream, open, running, ...gateway };
}

test('S2: a closed gateway refuses calls of api and controller with a coded 503', async () => {
  const { call, post, close, upstream } = await startHeld();
  await close();
  expect((await failureOf(call())).error).toMatchObject(CLOSED);
  expect(await post()).toMatchObject({ status: 503, json: CLOSED });
  expect(upstream.connectionCount).toBe(0);
});

test('S2: close waits for running calls, and new ones are refused meanwhile', async () => {
  const { call, close, open, running } = await startHeld();
  const first = await running(call());
  let isClosed = false;
  const closing = close().then(() => (isClosed = true));
  expect((await failureOf(call())).error).toMatchObject(CLOSED);
  expect(isClosed).toBe(false);
  sendJson(open[0], { late: true });
  expect(await first.call).toMatchObject({ responseData: { late: true } });
  await closing;
});

test('S2: a running mixed action may still make its inner calls', async () => {
  const open: any[] = [];
  const upstream = await startUpstream((_request, response) => void open.push(response));
  const get = { method: 'GET', path: '/' } as const;
  const twice = async (api: any) => [await api.s.get(), await api.s.get()];
  const { api, close } = await startGateway({
    root: { s: { endpoints: upstream.url, actions: { get, twice } } },
  });
  const running = api.s.twice();
  await eventually(() => open.length === 1);
  const closing = close();
  sendJson(open[0], 1);
  await eventually(() => open.length === 2);
  sendJson(open[1], 2);
  expect(await running).toMatchObject({ responseData: [1, 2] });
  await closing;
});

test('S2: close waits for the end of a stream', async () => {
  const { call, close, open, running } = await startHeld({ responseType: 'stream' });
  const { call: first } = await running(call());
  open[0].write('a');
  const { responseData } = (await first) as any;
  let isClosed = false;
  const closing = close().then(() => (isClosed = true));
  await new Promise(setImmediate);
  expect(isClosed).toBe(false);
  open[0].end('b');
  expect(Buffer.concat(await responseData.toArray()).toString()).toBe('ab');
  await closing;
});

test.each(['GET', 'POST'] as const)(
  'S2: after graceMs a running %s is cut and not sent again',
  async (method) => {
    const upstream = await startUpstream(({ json }, response) => {
      if (json.hang === undefined) sendJson(response, {});
    });
    const definition = { method, retries: 5, params: (args: object) => ({ body: args }) };
    const { call, close } = await startRestAction(upstream.url, definition);
    for (let before = 0; before < 3; before++) await call();
    const failure = failureOf(call({ args: { hang: true } }));
    await eventually(() => upstream.requests.length === 4);
    await close({ graceMs: 0 });
    expect((await failure).error.status).toBeGreaterThanOrEqual(500);
    await eventually(() => upstream.sockets.size === 0);
    expect(upstream.requests).toHaveLength(4);
  },
);

test('S2: close is idempotent, also while it waits, with the shorter of the times', async () => {
  const { call, close, running, open } = await startHeld();
  const { call: first } = await running(call());
  const closing = [close(), close()];
  await close({ graceMs: 0 });
  expect(await first).toMatchObject({ error: { status: expect.any(Number) } });
  await Promise.all(closing);
  await close();
  expect(open).toHaveLength(1);
});

test('S2: after close no upstream connection is open', async () => {
  const { upstream, close } = await startUpstream().then(async (plain) => {
    const gateway = await startRestAction(plain.url);
    await Promise.all([gateway.call(), gateway.call(), gateway.call()]);
    return { upstream: plain, close: gateway.close };
  });
  expect(upstream.sockets.size).toBe(3);
  await close();
  await eventually(() => upstream.sockets.size === 0);
});
