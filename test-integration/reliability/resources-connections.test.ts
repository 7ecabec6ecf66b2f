import type { ServerResponse } from 'node:http';
import { eventually } from '../../test/servers/eventually';
import { startGateway } from '../../test/servers/start-gateway';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { failureOf, startRestAction } from '../../test/servers/start-rest-action';
import { startTcpRelay } from '../../test/servers/start-tcp-relay';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

/** Holds every answer until `release`. */
async function startHolding() {
  const held: ServerResponse[] = [];
  const upstream = await startUpstream((_request, response) => void held.push(response));
  const release = () => held.splice(0).forEach((response) => sendJson(response, { ok: true }));
  return Object.assign(upstream, { held, release });
}

/** What sends over undici, and what needs axios and the client of Node. */
const wires: [string, object][] = [
  ['by default', {}],
  ['with options of axios', { axiosConfig: { maxBodyLength: 1000 } }],
];

promise('L1', 'Connections to upstreams are kept alive and used again.', (express) => {
  test.each(wires)('REST, 60 calls in threes, %s: three connections', async (_name, config) => {
    const upstream = await startUpstream();
    const { post, call } = await startRestAction(upstream.url, {}, config, { express });
    for (let n = 0; n < 20; n++) await Promise.all([post(), post(), call()]);
    expect(upstream.requests).toHaveLength(60);
    expect(upstream.connectionCount).toBeLessThanOrEqual(3);
  });

  test('gRPC, 60 calls in threes: one connection', async () => {
    const Get = (_call: any, callback: any) => callback(null, {});
    const { port } = await startGrpcUpstream({ Get });
    const relay = await startTcpRelay(port);
    const { post, items } = await startShopAt(relay.address, { express });
    for (let n = 0; n < 20; n++) {
      await Promise.all([post('items/get'), post('items/get'), items.get!()]);
    }
    expect(relay.count).toBe(1);
  });
});

promise(
  'L1',
  'An origin gets at most 256 REST requests at once by default; the rest wait.',
  (express) => {
    test.each(wires)('%s', async (_name, config) => {
      const upstream = await startHolding();
      const { call, post } = await startRestAction(upstream.url, {}, config, { express });
      const calls = Array.from({ length: 300 }, (_, n) => (n % 2 ? call() : post()));
      await eventually(() => upstream.held.length === 256);
      expect(upstream.connectionCount).toBe(256);
      upstream.release();
      await eventually(() => upstream.held.length === 44);
      upstream.release();
      await Promise.all(calls);
      expect(upstream.connectionCount).toBe(256);
    });

    test('streams count until they have ended', async () => {
      const upstream = await startUpstream((_request, response) => response.write('first'));
      const definition = { responseType: 'stream' } as const;
      const limits = { upstreamSockets: 2 };
      const { call } = await startRestAction(upstream.url, definition, { limits }, { express });
      const streams = [await call(), await call()];
      const third = call();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(upstream.requests).toHaveLength(2);
      streams[0].responseData.destroy();
      (await third).responseData.destroy();
      expect(upstream.requests).toHaveLength(3);
    });
  },
);

const OVERLOADED = { status: 503, code: 'OVERLOADED', message: expect.any(String) };

promise(
  'L1',
  'A call that finds the queue of its origin full is a 503 OVERLOADED; nothing is sent.',
  (express) => {
    test('the others are answered', async () => {
      const upstream = await startHolding();
      const limits = { upstreamSockets: 2, queue: 3 };
      const { call, post } = await startRestAction(
        upstream.url,
        { retries: 2 },
        { limits },
        { express },
      );
      const calls = Array.from({ length: 5 }, () => call());
      await eventually(() => upstream.held.length === 2);
      expect((await failureOf(call())).error).toMatchObject(OVERLOADED);
      const { status, json } = await post();
      expect({ ...json, status }).toMatchObject(OVERLOADED);
      for (let sent = 2; sent <= 6; sent += 2) {
        await eventually(() => upstream.requests.length === Math.min(sent, 5));
        upstream.release();
      }
      await Promise.all(calls);
      expect(upstream.requests).toHaveLength(5);
    });

    test('another origin has a queue of its own', async () => {
      const [full, free] = [await startHolding(), await startUpstream()];
      const actions = { get: { method: 'GET', path: '/' } } as const;
      const schemas = {
        root: {
          full: { endpoints: full.url, actions },
          beside: { endpoints: `${full.url}/base`, actions },
          free: { endpoints: free.url, actions },
        },
      };
      const limits = { upstreamSockets: 1, queue: 0 };
      const { api, post } = await startGateway(schemas, { limits }, { express });
      const held = api.full.get();
      await eventually(() => full.held.length === 1);
      expect((await post('beside/get')).json).toMatchObject(OVERLOADED);
      expect((await post('free/get')).status).toBe(200);
      full.release();
      await held;
    });
  },
);
