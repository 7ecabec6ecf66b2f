import { startGateway } from '../../test/servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { watchProcess } from '../../test/servers/watch-process';
import { shopActions } from '../../test/transports/grpc/start-shop';

watchProcess();

const USERS = 600;
const later = (answer: () => void) => setTimeout(answer, Math.random() * 30);

async function startAll() {
  const rest = await startUpstream((request, response) =>
    later(() => sendJson(response, { token: request.headers.authorization, url: request.url })),
  );
  const grpc = await startGrpcUpstream({
    Get: (call: any, callback: any) =>
      later(() => {
        const [note] = call.metadata.get('authorization');
        callback(null, { itemId: call.request.itemId, note });
      }),
    Watch: (call: any) =>
      later(() => {
        call.write({
          itemId: String(call.request.count),
          note: call.metadata.get('authorization')[0],
        });
        call.end();
      }),
  });
  const all = async (api: any, { id }: any) => {
    const [item, price, messages] = await Promise.all([
      api.items.get({ itemId: id }),
      api.prices.get({ id }),
      api.items.watch({ count: Number(id) }),
    ]);
    for await (const message of messages) return { item, price, message };
  };
  return startGateway(
    {
      root: {
        items: { endpoints: { path: grpc.address, insecure: true }, actions: { ...shopActions } },
        prices: {
          endpoints: rest.url,
          actions: { get: { method: 'GET', path: ({ id }: any) => `/${id}` } },
        },
        shop: { actions: { all } },
      },
    } as never,
    {
      includeProtoRoots: [PROTO_ROOT],
      getAuthArgs: (req) => ({ token: req.headers['x-user'] }),
      getAuthHeaders: ({ authArgs }) => ({ authorization: `Bearer ${authArgs.token}` }),
    },
  );
}

const users = Array.from({ length: USERS }, (_, index) => ({
  id: String(index),
  token: `secret-${index}`,
}));

test('T5 600 concurrent users over gRPC see their own token and answer', async () => {
  const { post } = await startAll();
  const answers = await Promise.all(
    users.map(({ id, token }) => post('items/get', { itemId: id }, { 'x-user': token })),
  );
  const seen = answers.map(({ json }) => ({ id: json.itemId, token: json.note }));
  expect(seen).toEqual(users.map(({ id, token }) => ({ id, token: `Bearer ${token}` })));
}, 20_000);

test('T5 and over a mixed action of REST, gRPC and a stream', async () => {
  const { post } = await startAll();
  const answers = await Promise.all(
    users.map(({ id, token }) => post('shop/all', { id }, { 'x-user': token })),
  );
  const seen = answers.map(({ json: { item, price, message } }) => [
    [item.itemId, price.url, message.itemId],
    [item.note, price.token, message.note],
  ]);
  expect(seen).toEqual(
    users.map(({ id, token }) => [[id, `/${id}`, id], Array(3).fill(`Bearer ${token}`)]),
  );
}, 20_000);
