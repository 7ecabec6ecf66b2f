import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';

const get = { method: 'GET', path: '/', retries: 3 } as const;

async function startDown(config = {}) {
  const upstream = await startUpstream((_request, response) => sendJson(response, {}, 503));
  const service = { endpoints: upstream.url, actions: { get, other: get } };
  const { api } = await startGateway({ root: { down: service, again: service } }, config);
  return { upstream, api };
}

/** What the upstream received beside the calls; the free retries of the time it took are bounded. */
async function countRetries(calls: number, config = {}) {
  const { upstream, api } = await startDown(config);
  const startedMs = performance.now();
  const third = (n: number) => [api.down.get, api.down.other, api.again.get][n % 3];
  await Promise.allSettled(Array.from({ length: calls }, async (_, n) => third(n)?.()));
  const freeRetries = 10 * (1 + Math.ceil((performance.now() - startedMs) / 1000));
  return { retries: upstream.requests.length - calls, freeRetries };
}

test('L5: retries to an upstream that is down stay under 20 % of its calls and 10 a second', async () => {
  const { retries, freeRetries } = await countRetries(400);
  expect(retries).toBeLessThanOrEqual(400 * 0.2 + freeRetries);
  expect(retries).toBeGreaterThanOrEqual(80);
});

test('L5: limits.retryRatio sets the share; 10 a second come for free', async () => {
  const { retries, freeRetries } = await countRetries(200, { limits: { retryRatio: 0 } });
  expect(retries).toBeLessThanOrEqual(freeRetries);
  expect(retries).toBeGreaterThanOrEqual(10);
});

test('L5: an upstream that is down does not spend the budget of another', async () => {
  const { api } = await startDown({ limits: { retryRatio: 0 } });
  await Promise.allSettled(Array.from({ length: 100 }, () => api.down.get()));
  let answers = 0;
  const steady = await startUpstream((_request, response) => {
    sendJson(response, {}, ++answers === 1 ? 503 : 200);
  });
  const one = await startGateway({ root: { steady: { endpoints: steady.url, actions: { get } } } });
  await expect(one.api.steady.get()).resolves.toBeDefined();
  expect(answers).toBe(2);
});
