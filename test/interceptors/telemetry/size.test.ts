import { eventually } from '../../servers/eventually';
import { startGateway } from '../../servers/start-gateway';
import { SHOP_GET, WITH_PROTOS } from '../../servers/start-grpc-action';
import { startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { startUpstream } from '../../servers/start-upstream';

/** An action of each kind whose data counts how often it is made JSON, and the stats of the calls. */
async function startCounting() {
  let count = 0;
  const counting = () => ({ toJSON: () => ({ serialised: ++count }) });
  const upstream = await startUpstream();
  const { address } = await startGrpcUpstream({
    Get: (_call: any, callback: any) => callback(null, { itemId: 'a' }),
  });
  const endpoints = { endpoint: upstream.url, grpcEndpoint: { path: address, insecure: true } };
  const stats: any[] = [];
  const gateway = await startGateway(
    {
      root: {
        s: {
          endpoints: { main: { test: endpoints } },
          actions: {
            rest: { method: 'GET', path: '/', transformResponseData: counting },
            grpc: { ...SHOP_GET, transformResponseData: counting },
            mixed: counting,
          },
        },
      },
    } as never,
    {
      ...WITH_PROTOS,
      installation: 'main',
      env: 'test',
      sendStats: (sent) => void stats.push(sent),
    },
  );
  return { ...gateway, stats, actions: (gateway.api as any).s, count: () => count };
}

const sizes = { rest: '{"ok":true}'.length, grpc: 3, mixed: 0 };

test.each(['rest', 'grpc', 'mixed'] as const)(
  'the size of a %s answer in stats costs no second serialisation',
  async (kind) => {
    const { post, stats, count } = await startCounting();
    expect((await post(`s/${kind}`)).json).toEqual({ serialised: 1 });
    await eventually(() => stats.length === 1);
    expect(stats[0].responseSize).toBe(sizes[kind]);
    expect(count()).toBe(1);
  },
);

test.each(['rest', 'grpc', 'mixed'] as const)(
  'data that %s gives to a caller of api is not serialised for its size',
  async (kind) => {
    const { actions, stats, count } = await startCounting();
    await actions[kind]();
    expect(stats).toMatchObject([{ responseSize: sizes[kind] }]);
    expect(count()).toBe(0);
  },
);
