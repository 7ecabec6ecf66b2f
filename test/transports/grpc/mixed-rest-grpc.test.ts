import { startGateway } from '../../servers/start-gateway';
import { grpcError, PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';
import { shopActions } from './start-shop';

watchProcess();

/** Prices over REST, items over gRPC, and a mixed action that makes one answer of both. */
async function startBoth(getItem: (call: any, callback: any) => void, priceStatus = 200) {
  const rest = await startUpstream((request, response) =>
    sendJson(response, { price: 7, ids: request.headers['x-request-id'] }, priceStatus),
  );
  const grpc = await startGrpcUpstream({ Get: getItem });
  const stats: any[] = [];
  const offer = async (api: any, { id }: any) => {
    const [item, price] = await Promise.all([
      api.items.get({ itemId: id }),
      api.prices.get({ id }),
    ]);
    return { ...price, id: item.itemId, note: item.note };
  };
  const gateway = await startGateway(
    {
      root: {
        items: { endpoints: { path: grpc.address, insecure: true }, actions: { ...shopActions } },
        prices: {
          endpoints: rest.url,
          actions: { get: { method: 'GET', path: ({ id }: any) => `/prices/${id}` } },
        },
        shop: { actions: { offer } },
      },
    } as never,
    { includeProtoRoots: [PROTO_ROOT], sendStats: (sent) => void stats.push(sent) },
  );
  return { ...gateway, rest, stats };
}

test('a mixed action combines REST and gRPC; both see its request id', async () => {
  const { post, rest, stats } = await startBoth((call, callback) =>
    callback(null, { itemId: call.request.itemId, note: call.metadata.get('x-request-id')[0] }),
  );
  const answer = await post('shop/offer', { id: 'a' }, { 'x-request-id': 'r1' });
  expect(answer).toMatchObject({ status: 200, json: { id: 'a', price: 7, ids: 'r1', note: 'r1' } });
  expect(rest.last.url).toBe('/prices/a');
  expect(stats.map(({ action }) => action).sort()).toEqual(['get', 'get', 'offer']);
});

test('the failure of the gRPC half is that of the whole', async () => {
  const { post } = await startBoth((_call, callback) => callback(grpcError(5, 'no such item')));
  expect(await post('shop/offer', { id: 'a' })).toMatchObject({
    status: 404,
    json: { message: 'no such item', details: { grpcCode: 5 } },
  });
});

test('the failure of the REST half too', async () => {
  const { post } = await startBoth((_call, callback) => callback(null, {}), 409);
  expect(await post('shop/offer', { id: 'a' })).toMatchObject({ status: 409 });
});
