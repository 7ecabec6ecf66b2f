import { request as httpRequest } from 'node:http';
import { eventually } from '../../servers/eventually';
import { grpcError } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';
import { watchProcess } from '../../servers/watch-process';
import { startShop } from './start-shop';

watchProcess();

/** A method that answers only when it is told to, and what the upstream sees of its calls. */
function createSlow() {
  const seen = { opened: 0, cancelled: 0, answer: () => undefined as void };
  const Get = (call: any, callback: any) => {
    seen.opened++;
    call.on('cancelled', () => seen.cancelled++);
    seen.answer = () => callback(null, { itemId: 'late' });
  };
  return { seen, Get };
}

const viaMixed = { mixed: (api: any) => api.items.get({}) };

test.each([
  ['a call', 'get', 'REQUEST_WAS_CANCELLED', 1],
  ['a mixed action', 'mixed', 'ERR_CANCELED', undefined],
])('the abortSignal of %s cancels the upstream: 499', async (_what, name, code, grpcCode) => {
  const { seen, Get } = createSlow();
  const { items } = await startShop({ Get }, { actions: viaMixed });
  const controller = new AbortController();
  const failure = failureOf(items[name]!({ abortSignal: controller.signal }));
  await eventually(() => seen.opened === 1);
  controller.abort();
  const { error } = await failure;
  expect(error).toMatchObject({ status: 499, code });
  expect(error.details.grpcCode).toBe(grpcCode);
  await eventually(() => seen.cancelled === 1);
});

test.each(['get', 'watch', 'mixed'])(
  '%s: nothing is sent for a signal that has fired',
  async (name) => {
    const { seen, Get } = createSlow();
    const { items } = await startShop({ Get, Watch: Get }, { actions: viaMixed });
    const { error } = await failureOf(items[name]!({ abortSignal: AbortSignal.abort() }));
    expect(error.status).toBe(499);
    expect(seen.opened).toBe(0);
  },
);

test('C2 an own cancel is never repeated, whatever grpcRetryCondition says', async () => {
  const { seen, Get } = createSlow();
  const grpcRetryCondition = jest.fn(() => true);
  const { items } = await startShop({ Get }, { config: { grpcRetryCondition } });
  const controller = new AbortController();
  const failure = failureOf(items.get!({ retries: 3, abortSignal: controller.signal }));
  await eventually(() => seen.opened === 1);
  controller.abort();
  expect((await failure).error.status).toBe(499);
  expect(grpcRetryCondition).not.toHaveBeenCalled();
  expect(seen.opened).toBe(1);
});

test('C4 a cancel in the pause between attempts ends the call', async () => {
  let attempts = 0;
  const Get = (_call: any, callback: any) => {
    attempts++;
    callback(grpcError(14, 'down'));
    setTimeout(() => controller.abort(), 10);
  };
  const controller = new AbortController();
  const { items } = await startShop({ Get });
  const { error } = await failureOf(items.get!({ retries: 5, abortSignal: controller.signal }));
  expect(error).toMatchObject({ status: 499, code: 'REQUEST_WAS_CANCELLED' });
  expect(attempts).toBe(1);
});

/** Posts to the gateway; `leave` closes the connection. */
function postAndLeave(url: string, path: string) {
  const request = httpRequest(`${url}/gateway/${path}`, { method: 'POST', agent: false });
  request.on('error', () => undefined);
  request.end();
  return { leave: () => void request.destroy() };
}

const flagged = { abortOnClientDisconnect: true };
const get = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };

test.each([
  ['the config', { config: flagged }, 'items/get'],
  ['the action', { actions: { get: { ...get, ...flagged } } }, 'items/get'],
  ['the config, in a mixed action', { config: flagged, actions: viaMixed }, 'items/mixed'],
  [
    'the action that a mixed one calls',
    { actions: { ...viaMixed, get: { ...get, ...flagged } } },
    'items/mixed',
  ],
])(
  'C4 abortOnClientDisconnect of %s cancels when the browser leaves',
  async (_of, options, path) => {
    const { seen, Get } = createSlow();
    const gateway = await startShop({ Get }, options);
    const browser = postAndLeave(gateway.url, path);
    await eventually(() => seen.opened === 1);
    browser.leave();
    await eventually(() => seen.cancelled === 1);
    const inner = () => gateway.stats.find(({ action }) => action === 'get');
    await eventually(() => inner() !== undefined);
    expect(inner()).toMatchObject({ restStatus: 499, grpcStatus: 1 });
  },
);

test('without the flag a call goes on when the browser leaves', async () => {
  const { seen, Get } = createSlow();
  const gateway = await startShop({ Get });
  let isGone = false;
  gateway.server.on('connection', (socket) => socket.once('close', () => (isGone = true)));
  const browser = postAndLeave(gateway.url, 'items/get');
  await eventually(() => seen.opened === 1);
  browser.leave();
  await eventually(() => isGone);
  seen.answer();
  await eventually(() => gateway.stats.length > 0);
  expect(gateway.stats[0]).toMatchObject({ restStatus: 200, grpcStatus: 0 });
});
