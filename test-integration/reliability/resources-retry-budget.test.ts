import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayConfig } from '../../lib';
import { startGateway } from '../../test/servers/start-gateway';
import { grpcError, PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const KINDS = ['rest', 'grpc'] as const;
type Kind = (typeof KINDS)[number];

/** An upstream that is down for all its calls, or for the first few; `count` is what reached it. */
async function startDown(kind: Kind, { failing = Infinity } = {}) {
  let count = 0;
  const isDown = () => ++count <= failing;
  if (kind === 'grpc') {
    const Get = (_call: any, callback: any) => {
      return isDown() ? callback(grpcError(14, 'down')) : callback(null, {});
    };
    const { address } = await startGrpcUpstream({ Get });
    return { endpoints: { path: address, insecure: true }, count: () => count };
  }
  const { url } = await startUpstream((_request, response) => {
    sendJson(response, {}, isDown() ? 503 : 200);
  });
  return { endpoints: url, count: () => count };
}

/** Two services over each upstream, each of whose actions would be repeated three times. */
async function startBefore(
  kind: Kind,
  upstreams: readonly { endpoints: unknown }[],
  config: GatewayConfig<any, any, any>,
  express: ExpressVersion,
) {
  const get =
    kind === 'rest' ? { method: 'GET', path: '/', retries: 3 } : { ...shopActions.get, retries: 3 };
  const services = upstreams.flatMap(({ endpoints }, n) => [
    [`up${n}`, { endpoints, actions: { get } }],
    [`again${n}`, { endpoints, actions: { get } }],
  ]);
  const schemas = { root: Object.fromEntries(services) } as never;
  const all = { includeProtoRoots: [PROTO_ROOT], ...config };
  const { post, api } = await startGateway(schemas, all, { express });
  return (n: number, at = 0) =>
    n % 2 ? (api as any)[`again${at}`].get().catch(() => undefined) : post(`up${at}/get`);
}

const many = (count: number, call: (n: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, (_, n) => call(n)));

promise(
  'L5',
  'Retries to an upstream stay under 20 % of its calls beside 10 a second, over all services and actions that call it.',
  (express) => {
    test.each(KINDS)('%s', async (kind) => {
      const down = await startDown(kind);
      const call = await startBefore(kind, [down], {}, express);
      const startedMs = performance.now();
      await many(400, call);
      const seconds = 1 + Math.ceil((performance.now() - startedMs) / 1000);
      const retries = down.count() - 400;
      expect(retries).toBeLessThanOrEqual(400 * 0.2 + 10 * seconds);
      expect(retries).toBeGreaterThanOrEqual(80);
    });
  },
);

const noShare = { limits: { retryRatio: 0 } };

promise('L5', 'Ten retries a second are always allowed to an upstream.', (express) => {
  test.each(KINDS)('%s', async (kind) => {
    const down = await startDown(kind);
    const call = await startBefore(kind, [down], noShare, express);
    await many(50, call);
    expect(down.count()).toBeGreaterThanOrEqual(60);
    await sleep(1100);
    const before = down.count();
    await many(10, call);
    expect(down.count()).toBeGreaterThanOrEqual(before + 20);
  });
});

promise('L5', 'An upstream that is down takes nothing from the budget of another.', (express) => {
  test.each(KINDS)('%s', async (kind) => {
    const [down, flaky] = [await startDown(kind), await startDown(kind, { failing: 3 })];
    const call = await startBefore(kind, [down, flaky], noShare, express);
    await many(50, call);
    await expect(call(0, 1)).resolves.toMatchObject({ status: 200 });
    expect(flaky.count()).toBe(4);
  });
});
