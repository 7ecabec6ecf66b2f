import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Metadata } from '@grpc/grpc-js';
import { eventually } from '../../test/servers/eventually';
import { grpcError } from '../../test/servers/start-grpc-upstream';
import { failureOf, startRestAction } from '../../test/servers/start-rest-action';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions, startShop } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

afterEach(() => jest.restoreAllMocks());

const KINDS = ['rest', 'grpc'] as const;
type Kind = (typeof KINDS)[number];

interface Options {
  retries?: number;
  timeout?: number;
  config?: object;
  /** What the upstream asks for: seconds for REST, milliseconds for gRPC. */
  wish?: string;
  /** From this attempt on, counted from 1, the upstream says nothing any more. */
  silentFrom?: number;
  isGoodFrom?: number;
}

/** An action over an upstream that fails; when its attempts came. */
async function startFailing(kind: Kind, express: ExpressVersion, options: Options = {}) {
  const {
    retries = 2,
    timeout,
    config,
    wish,
    silentFrom = Infinity,
    isGoodFrom = Infinity,
  } = options;
  const arrivals: number[] = [];
  const arrive = () => arrivals.push(performance.now());
  const more = { retries, ...(timeout !== undefined && { timeout }) };
  if (kind === 'grpc') {
    const trailer = new Metadata();
    if (wish !== undefined) trailer.set('grpc-retry-pushback-ms', wish);
    const Get = (_call: any, callback: any) => {
      const count = arrive();
      if (count >= isGoodFrom) callback(null, {});
      else if (count < silentFrom) callback(grpcError(14, 'no', trailer));
    };
    const actions = { get: { ...shopActions.get, ...more } };
    const { post, items, url } = await startShop({ Get }, { actions, config, express });
    const path = 'items/get';
    return { arrivals, post: () => post(path), call: items.get!, url: `${url}/gateway/${path}` };
  }
  const upstream = await startUpstream((_request, response) => {
    const count = arrive();
    if (wish !== undefined) response.setHeader('retry-after', wish);
    if (count >= isGoodFrom) sendJson(response, {});
    else if (count < silentFrom) sendJson(response, {}, 503);
  });
  const { post, call, url } = await startRestAction(upstream.url, more, config, { express });
  return { arrivals, post: () => post(), call, url: `${url}/gateway/s/run` };
}

promise('C3', 'Pauses between attempts double, and chance decides how long each is.', (express) => {
  const all = KINDS.flatMap((kind) => [
    [kind, 0, [50, 100, 200]] as const,
    [kind, 3, [200, 400, 800]] as const,
  ]);
  // A lower bound that no load can shift; an upper one is never asserted.
  test.each(all)('%s, chance %d: at least %j ms', async (kind, chance, atLeast) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    const { arrivals, post } = await startFailing(kind, express, { retries: 3 });
    expect((await post()).status).toBe(503);
    expect(arrivals).toHaveLength(4);
    // Timers may fire a millisecond early.
    atLeast.forEach((ms, at) => expect(arrivals[at + 1]! - arrivals[at]!).toBeGreaterThan(ms - 5));
  });
});

promise('C3', 'Retry-After of REST and the pushback of gRPC are kept to.', (express) => {
  test.each<[Kind, string]>([
    ['rest', '1'],
    ['grpc', '1000'],
  ])('%s: no attempt comes before %s', async (kind, wish) => {
    const { arrivals, post } = await startFailing(kind, express, { wish, isGoodFrom: 2 });
    expect((await post()).status).toBe(200);
    expect(arrivals[1]! - arrivals[0]!).toBeGreaterThan(990);
  });

  test('rest: Retry-After may be a date', async () => {
    const wish = new Date(Date.now() + 3000).toUTCString();
    const { arrivals, post } = await startFailing('rest', express, { wish, isGoodFrom: 2 });
    expect((await post()).status).toBe(200);
    // A date has whole seconds.
    expect(arrivals[1]! - arrivals[0]!).toBeGreaterThan(1000);
  });

  test.each<[Kind, string, string]>([
    ['rest', 'a time beyond the end of the call', '60'],
    ['grpc', 'a time beyond the end of the call', '60000'],
    ['grpc', 'never', '-1'],
    ['grpc', 'what is no number', 'soon'],
  ])('%s: with %s the call ends at once', async (kind, _name, wish) => {
    const options = { wish, timeout: 10_000, config: { totalTimeout: 10_000 } };
    const { arrivals, post } = await startFailing(kind, express, options);
    expect((await post()).status).toBe(503);
    expect(arrivals).toHaveLength(1);
  });
});

promise('C3', 'One total time bounds all attempts and pauses.', (express) => {
  const times = { retries: 1000, timeout: 6000, config: { totalTimeout: 6000 } };
  test.each(KINDS)('%s: no pause outlasts it', async (kind) => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const { arrivals, post } = await startFailing(kind, express, times);
    expect((await post()).status).toBe(503);
    // After pauses of 50, 100, 200, 400, 800 and 1600 ms, one of 3200 ms would.
    expect(arrivals).toHaveLength(7);
  });

  test.each(KINDS)('%s: an attempt has only what is left', async (kind) => {
    const brief = { ...times, timeout: 2000, config: { totalTimeout: 2000 } };
    const { arrivals, post } = await startFailing(kind, express, { ...brief, silentFrom: 2 });
    expect((await post()).status).toBe(504);
    expect(arrivals).toHaveLength(2);
    await sleep(150);
    expect(arrivals).toHaveLength(2);
  });
});

/** In a pause of 20 s; then `leave`, and no attempt comes. */
const inPause = { rest: '20', grpc: '20000' };

promise(
  'C3',
  'No attempt comes after the client has gone or the signal was aborted.',
  (express) => {
    test.each(KINDS)('%s: the signal', async (kind) => {
      const { arrivals, call } = await startFailing(kind, express, { wish: inPause[kind] });
      const abort = new AbortController();
      const failure = failureOf(call({ abortSignal: abort.signal }));
      await eventually(() => arrivals.length === 1);
      await sleep(50);
      abort.abort();
      expect((await failure).error.status).toBe(499);
      expect(arrivals).toHaveLength(1);
    });

    const all = KINDS.flatMap((kind) => [[kind, true] as const, [kind, false] as const]);
    test.each(all)('%s: the client, abortOnClientDisconnect %s', async (kind, isFlagged) => {
      const stats: any[] = [];
      const sendStats = (one: object) => void stats.push(one);
      const config = { sendStats, abortOnClientDisconnect: isFlagged };
      const { arrivals, url } = await startFailing(kind, express, { wish: inPause[kind], config });
      const sent = httpRequest(url, { method: 'POST', agent: false });
      sent.on('error', () => undefined).end();
      await eventually(() => arrivals.length === 1);
      await sleep(50);
      sent.destroy();
      await eventually(() => stats.length === 1);
      expect(stats).toMatchObject([{ restStatus: isFlagged ? 499 : 503 }]);
      expect(arrivals).toHaveLength(1);
    });
  },
);
