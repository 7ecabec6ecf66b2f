import { getGatewayControllers, rateLimit } from '../../../lib';
import type { ApiServiceRestActionConfig, Interceptor, RateLimitOptions } from '../../../lib';
import { failureOf } from '../../servers/start-rest-action';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

/** Long enough for no window to end within a test. */
const durationSec = 600;
const run = () => 'done';

async function startLimited(options: Partial<RateLimitOptions> = {}, app: object = {}) {
  const limit = rateLimit({ points: 2, durationSec, ...options });
  const s = { actions: { run, other: run } };
  return startGateway({ root: { s } }, { interceptors: [limit] }, app);
}

test('calls beyond the points are 429 RATE_LIMITED, with Retry-After and both RateLimit fields', async () => {
  const { post } = await startLimited();
  const answers = [await post('s/run'), await post('s/run'), await post('s/run')];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  const remaining = answers.map(({ headers }) => headers['ratelimit']);
  expect(remaining).toEqual([
    expect.stringMatching(/^"default";r=1;t=\d+$/),
    expect.stringMatching(/^"default";r=0;t=\d+$/),
    expect.stringMatching(/^"default";r=0;t=\d+$/),
  ]);
  for (const { headers } of answers) {
    expect(headers['ratelimit-policy']).toBe('"default";q=2;w=600');
  }
  const { json, headers } = answers[2]!;
  expect(json).toMatchObject({ status: 429, code: 'RATE_LIMITED', message: 'Too many requests' });
  expect(json.requestId).toEqual(expect.any(String));
  const retryAfter = Number(headers['retry-after']);
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(durationSec);
  expect(headers['ratelimit']).toContain(`;t=${retryAfter}`);
  expect(answers[0]!.headers['retry-after']).toBeUndefined();
});

test('the refusal is told in Russian to who asks for it', async () => {
  const { post } = await startLimited({ points: 1 });
  await post('s/run');
  const { json } = await post('s/run', {}, { 'accept-language': 'ru' });
  expect(json.message).toBe('Слишком много запросов');
});

test('a refused call reaches neither upstream nor args check', async () => {
  const upstream = await startUpstream();
  const get: ApiServiceRestActionConfig = {
    method: 'GET',
    path: '/',
    interceptors: [rateLimit({ points: 1, durationSec })],
    validationSchema: { type: 'object', required: ['id'] },
  };
  const { post } = await startGateway({
    root: { s: { endpoints: upstream.url, actions: { get } } },
  });
  expect(await post('s/get', { id: 1 })).toMatchObject({ status: 200 });
  expect(await post('s/get')).toMatchObject({ status: 429 });
  expect(upstream.requests).toHaveLength(1);
});

test('answers that failed tell the limit too, whoever failed', async () => {
  const upstream = await startUpstream((_request, response) => sendJson(response, {}, 418));
  const failing: Interceptor = () => () => {
    throw new Error('broken');
  };
  const get = { method: 'GET', path: '/' } as const;
  const s = {
    endpoints: upstream.url,
    actions: { get, broken: { ...get, interceptors: [failing] } },
  };
  const config = { interceptors: [rateLimit({ points: 5, durationSec })] };
  const { post } = await startGateway({ root: { s } }, config);
  for (const [action, status, left] of [
    ['get', 418, 4],
    ['broken', 500, 3],
  ]) {
    const answer = await post(`s/${action}`);
    expect(answer.status).toBe(status);
    expect(answer.headers['ratelimit']).toMatch(new RegExp(`^"default";r=${left};t=\\d+$`));
    expect(answer.headers['ratelimit-policy']).toBe('"default";q=5;w=600');
  }
});

test('a limit is shared by all actions that it stands at, and by no other limit', async () => {
  const shared = rateLimit({ points: 2, durationSec });
  const own = rateLimit({ points: 2, durationSec });
  const at = (...interceptors: Interceptor[]) => ({ actions: { run }, interceptors });
  const schemas = { root: { a: at(shared), b: at(shared), c: at(own), d: at() } };
  const { post } = await startGateway(schemas);
  for (const service of ['a', 'b']) expect((await post(`${service}/run`)).status).toBe(200);
  for (const service of ['a', 'b']) expect((await post(`${service}/run`)).status).toBe(429);
  for (const service of ['c', 'd']) expect((await post(`${service}/run`)).status).toBe(200);
});

test('what is left of a second is told as a whole one', async () => {
  const { post } = await startLimited({ points: 1, durationSec: 1 });
  let answer = await post('s/run');
  while (answer.status !== 429) answer = await post('s/run');
  expect(answer.headers).toMatchObject({ ratelimit: '"default";r=0;t=1', 'retry-after': '1' });
});

test('several limits on one call join their lists, and the tightest refuses', async () => {
  const wide = rateLimit({ points: 9, durationSec, name: 'all "calls"' });
  const tight = rateLimit({ points: 1, durationSec: 60, name: 'tight' });
  const s = { interceptors: [tight], actions: { run } };
  const { post } = await startGateway({ root: { s } }, { interceptors: [wide] });
  const [good, refused] = [await post('s/run'), await post('s/run')];
  expect([good.status, refused.status]).toEqual([200, 429]);
  for (const { headers } of [good, refused]) {
    expect(headers['ratelimit-policy']).toBe('"all \\"calls\\"";q=9;w=600, "tight";q=1;w=60');
  }
  expect(good.headers['ratelimit']).toMatch(/^"all \\"calls\\"";r=8;t=\d+, "tight";r=0;t=\d+$/);
  expect(refused.headers['ratelimit']).toMatch(/^"all \\"calls\\"";r=7;t=\d+, "tight";r=0;t=\d+$/);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
});

test('a window that has ended is forgotten', async () => {
  const { post } = await startLimited({ points: 1, durationSec: 1 });
  expect((await post('s/run')).status).toBe(200);
  const statuses: number[] = [];
  while (statuses.at(-1) !== 200) statuses.push((await post('s/run')).status);
  expect(new Set(statuses)).toEqual(new Set([429, 200]));
});

test('the key says whom a call is counted for, and may be async', async () => {
  const key: RateLimitOptions['key'] = async ({ headers }) =>
    Promise.resolve(String(headers['x-k']));
  const { post } = await startLimited({ points: 1, key });
  const statusOf = async (k: string) => (await post('s/run', {}, { 'x-k': k })).status;
  const [long, longer] = ['x'.repeat(5000), `${'x'.repeat(5000)}y`];
  for (const k of ['a', 'b', long, longer]) expect(await statusOf(k)).toBe(200);
  for (const k of ['a', 'b', long, longer]) expect(await statusOf(k)).toBe(429);
});

test.each<[string, () => any, object]>([
  ['throws', () => Promise.reject(new Error('secret')), { status: 500 }],
  [
    'throws a status',
    () => Promise.reject(Object.assign(new Error('No'), { status: 403 })),
    { status: 403 },
  ],
  ['gives no string', () => undefined, { status: 500 }],
])('a key that %s fails the call (G5, K1)', async (_what, key, expected) => {
  const { post } = await startLimited({ key });
  const { status, text } = await post('s/run');
  expect({ status }).toEqual(expected);
  expect(text).not.toContain('secret');
});

test.each([4, 5] as const)(
  'by default a client is its address, believed of a proxy only where Express %i trusts it',
  async (version) => {
    const { post, app } = await startLimited({ points: 1 }, { express: version });
    const from = async (address: string) =>
      (await post('s/run', {}, { 'x-forwarded-for': address })).status;
    expect([await from('203.0.113.1'), await from('203.0.113.2')]).toEqual([200, 429]);
    (app as { set(name: string, value: unknown): unknown }).set('trust proxy', 'loopback');
    expect([await from('203.0.113.1'), await from('203.0.113.2')]).toEqual([200, 200]);
    expect([await from('203.0.113.1'), await from('203.0.113.2')]).toEqual([429, 429]);
  },
);

test('calls of api and inner calls are not counted unless applyTo says so', async () => {
  const limit = (options: Partial<RateLimitOptions>) =>
    rateLimit({ points: 1, durationSec, ...options });
  const twice = async (api: any) => [await api.byDefault.run(), await api.byDefault.run()];
  const schemas = {
    root: {
      byDefault: { interceptors: [limit({})], actions: { run, twice } },
      api: { interceptors: [limit({ applyTo: ['api'] })], actions: { run } },
      inner: { interceptors: [limit({ applyTo: ['inner'] })], actions: { run } },
      outer: {
        actions: { twice: async (api: any) => [await api.inner.run(), await api.inner.run()] },
      },
    },
  };
  const { post, api } = await startGateway(schemas);
  expect((await post('byDefault/twice')).status).toBe(200);
  for (let i = 0; i < 3; i++)
    expect(await api.byDefault.run()).toMatchObject({ responseData: 'done' });
  for (let i = 0; i < 2; i++) expect((await post('api/run')).status).toBe(200);
  expect((await post('outer/twice')).status).toBe(429);

  // Calls of api have no address: they count together.
  const { responseHeaders } = (await api.api.run()) as any;
  expect(responseHeaders).toMatchObject({ 'ratelimit-policy': '"default";q=1;w=600' });
  const { error } = await failureOf(api.api.run());
  expect(error).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
});

test('JSON passes as bytes', async () => {
  const text = '{"big": 12345678901234567890}';
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end(text);
  });
  const actions = { get: { method: 'GET', path: '/' } as const };
  const config = { interceptors: [rateLimit({ points: 1, durationSec })] };
  const { post } = await startGateway(
    { root: { s: { endpoints: upstream.url, actions } } },
    config,
  );
  expect((await post('s/get')).text).toBe(text);
});

test('a limit survives the gateway that it was closed with', async () => {
  const interceptors = [rateLimit({ points: 1, durationSec })];
  const build = () =>
    getGatewayControllers({ root: { s: { actions: { run } } } }, { interceptors });
  await build().close();
  expect(await build().api.s.run()).toMatchObject({ responseData: 'done' });
});

test.each<[string, object, RegExp]>([
  ['no points', { durationSec: 1 }, /points must be a whole number from 1/],
  ['points of 0', { points: 0, durationSec: 1 }, /points must be/],
  ['half a point', { points: 0.5, durationSec: 1 }, /points must be/],
  ['no duration', { points: 1 }, /durationSec must be a whole number of seconds/],
  ['a duration beyond the longest timer', { points: 1, durationSec: 2_147_484 }, /durationSec/],
  ['a name in other letters', { points: 1, durationSec: 1, name: 'имя' }, /name must be/],
  ['an empty name', { points: 1, durationSec: 1, name: '' }, /name must be/],
  ['a store that is no client', { points: 1, durationSec: 1, store: 'redis://' }, /store must be/],
  ['an unknown mode', { points: 1, durationSec: 1, onStoreError: 'pass' }, /onStoreError must be/],
  ['a key that is no function', { points: 1, durationSec: 1, key: 'ip' }, /key must be/],
  ['no origin', { points: 1, durationSec: 1, applyTo: [] }, /applyTo must be/],
  ['an unknown origin', { points: 1, durationSec: 1, applyTo: ['web'] }, /applyTo must be/],
  ['a misspelt option', { points: 1, durationSec: 1, duration: 1 }, /no option duration/],
])('%s is refused when the limit is made (G6)', (_what, options, message) => {
  expect(() => rateLimit(options as never)).toThrow(message);
});

test.each([undefined, null, 5])('options that are %p are refused', (options) => {
  expect(() => rateLimit(options as never)).toThrow(/rateLimit: the options must be an object/);
});
