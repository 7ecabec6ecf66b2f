import { eventually } from '../servers/eventually';
import { startDeafUpstream } from '../servers/start-deaf-upstream';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startRawUpstream } from '../servers/start-upstream';

test('U2: the timeout ends a call that waits for its connection', async () => {
  const { call } = await startRestAction(await startDeafUpstream(), { timeout: 200 });
  expect((await failureOf(call())).error).toMatchObject({ status: 504, code: 'ECONNABORTED' });
});

test.each([
  ['the timeout', { timeout: 200 }, 504],
  ['the signal of the caller', {}, 499],
])('U2: %s ends a TLS handshake that does not go on', async (_who, definition, status) => {
  const { url, sockets } = await startRawUpstream((socket) => socket.resume());
  const { call } = await startRestAction(url.replace('http', 'https'), definition);
  const controller = new AbortController();
  const failure = failureOf(call({ abortSignal: controller.signal }));
  await eventually(() => sockets.size === 1);
  if (status === 499) controller.abort();
  expect((await failure).error.status).toBe(status);
  await eventually(() => sockets.size === 0);
});

test('S2: close() ends a connection that is being opened', async () => {
  const { url, sockets } = await startRawUpstream((socket) => socket.resume());
  const { call, gateway } = await startRestAction(url.replace('http', 'https'));
  const failure = failureOf(call());
  await eventually(() => sockets.size === 1);
  await gateway.close({ graceMs: 0 });
  expect((await failure).error.status).toBeGreaterThanOrEqual(499);
  await eventually(() => sockets.size === 0);
});
