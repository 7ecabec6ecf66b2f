import type { Redis } from 'ioredis';
import { rateLimit } from '../../../lib';
import type { RateLimitOptions } from '../../../lib';
import { createRecordingContext } from '../../fakes/recording-context';
import { startGateway } from '../../servers/start-gateway';
import { connectRedis, describeWithRedis, startRedis } from '../../servers/start-redis';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const durationSec = 600;

/** A gateway as one process of several would have it, and what it logs. */
async function startOne(store: Redis, options: Partial<RateLimitOptions> = {}) {
  const { ctx, all } = createRecordingContext();
  const limit = rateLimit({ points: 3, durationSec, store, ...options });
  const app = {
    use: (express: any, json: () => unknown) => {
      express.use(json());
      express.use((req: any, _res: any, next: () => void) => {
        req.ctx = ctx;
        next();
      });
    },
  };
  const s = { actions: { run: () => 'done' } };
  const { post } = await startGateway({ root: { s } }, { interceptors: [limit] }, app);
  const outages = () =>
    all.flatMap(({ errors }) => errors).filter(({ message }) => /store/.test(message));
  return {
    post: () => post('s/run'),
    statuses: async (count: number) => {
      const statuses: number[] = [];
      while (statuses.length < count) statuses.push((await post('s/run')).status);
      return statuses;
    },
    outages,
    returns: () => all.flatMap(({ logs }) => logs).filter(({ message }) => /is back/.test(message)),
  };
}

describeWithRedis('a limit in Redis', () => {
  test('two gateways with one Redis count together', async () => {
    const redis = await startRedis();
    const [one, two] = [await startOne(redis.connect()), await startOne(redis.connect())];
    expect((await one.post()).headers['ratelimit']).toMatch(/^"default";r=2;t=\d+$/);
    expect((await two.post()).headers['ratelimit']).toMatch(/^"default";r=1;t=\d+$/);
    expect(await one.statuses(2)).toEqual([200, 429]);
    const refused = await two.post();
    expect(refused).toMatchObject({ status: 429, json: { code: 'RATE_LIMITED' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect([...one.outages(), ...two.outages()]).toEqual([]);
  });

  test('limits of different names or prefixes count apart, in keys that end', async () => {
    const redis = await startRedis();
    const client = redis.connect();
    for (const options of [{}, { name: 'other' }, { prefix: 'p' }]) {
      expect(await (await startOne(client, { points: 1, ...options })).statuses(2)).toEqual([
        200, 429,
      ]);
    }
    const keys = (await client.keys('*')).sort();
    expect(keys).toEqual([
      'p:default:127.0.0.1',
      'sallyport:rate-limit:default:127.0.0.1',
      'sallyport:rate-limit:other:127.0.0.1',
    ]);
    for (const key of keys) expect(await client.ttl(key)).toBeGreaterThan(0);
  });

  test('a client that connects with its first command is waited for', async () => {
    const redis = await startRedis();
    const client = redis.connect().duplicate({ lazyConnect: true });
    const one = await startOne(client);
    expect(client.status).toBe('wait');
    expect(await one.statuses(4)).toEqual([200, 200, 200, 429]);
    expect(one.outages()).toEqual([]);
    client.disconnect();
  });

  test.each<[RateLimitOptions['onStoreError'], number[], number]>([
    [undefined, [200, 200, 200, 429, 429], 1],
    ['memory', [200, 200, 200, 429, 429], 1],
    ['allow', [200, 200, 200, 200, 200], 1],
    ['deny', [503, 503, 503, 503, 503], 1],
  ])('down at the start, with onStoreError %p', async (onStoreError, statuses, logged) => {
    const redis = await startRedis();
    await redis.stop();
    const options = { storeTimeoutMs: 100, ...(onStoreError && { onStoreError }) };
    const one = await startOne(connectRedis(redis.port), options);
    expect(await one.statuses(5)).toEqual(statuses);
    expect(one.outages()).toHaveLength(logged);
    await redis.start();
    // Then Redis counts again, from the beginning.
    let last: Awaited<ReturnType<typeof one.post>>;
    do last = await one.post();
    while (one.returns().length === 0);
    expect(one.returns()).toHaveLength(1);
    expect(last).toMatchObject({ status: 200 });
    expect(last.headers['ratelimit-policy']).toBe('"default";q=3;w=600');
    expect(one.outages()).toHaveLength(logged);
  });

  test('with deny the answer is coded, and tells nothing of the store', async () => {
    const redis = await startRedis();
    await redis.stop();
    const options = { storeTimeoutMs: 100, onStoreError: 'deny' } as const;
    const { post } = await startOne(connectRedis(redis.port), options);
    const { json, text, headers } = await post();
    expect(json).toMatchObject({ status: 503, code: 'RATE_LIMIT_UNAVAILABLE' });
    expect(text).not.toMatch(/127\.0\.0\.1|redis/i);
    expect(headers['ratelimit']).toBeUndefined();
  });

  test('killed in the middle and back, twice: each outage is logged once, without keys', async () => {
    const redis = await startRedis();
    const one = await startOne(redis.connect(), { points: 100, storeTimeoutMs: 200 });
    for (const outage of [1, 2]) {
      expect((await one.post()).headers['ratelimit']).toMatch(/r=9\d/);
      await redis.stop();
      expect(await one.statuses(5)).toEqual([200, 200, 200, 200, 200]);
      expect(one.outages()).toHaveLength(outage);
      await redis.start();
      while (one.returns().length < outage) await one.post();
    }
    const [{ message, error } = {} as any] = one.outages();
    expect(message).toBe('The store of rate limit default fails: this process counts in memory');
    expect(JSON.stringify(Object.getOwnPropertyNames(error))).toBe('["stack","message"]');
  });

  test('a Redis that stops answering is asked by one call at a time, and used again later', async () => {
    const redis = await startRedis();
    const client = redis.connect();
    const one = await startOne(client, { points: 1000, storeTimeoutMs: 300 });
    expect((await one.post()).status).toBe(200);
    redis.pause();
    await one.post();
    expect(one.outages()).toHaveLength(1);
    const together = await Promise.all(Array.from({ length: 500 }, () => one.post()));
    expect(new Set(together.map(({ status }) => status))).toEqual(new Set([200]));
    redis.resume();
    while (one.returns().length === 0) await one.post();
    expect(one.outages()).toHaveLength(1);
    // Redis has counted what it was sent meanwhile: not the 500.
    const counted = await client.get('sallyport:rate-limit:default:127.0.0.1');
    expect(Number(counted)).toBeLessThan(250);
  });
});
