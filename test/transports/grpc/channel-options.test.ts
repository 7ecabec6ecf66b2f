import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { closeAfterTest } from '../../servers/closing';
import { PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';
import { watchProcess } from '../../servers/watch-process';
import { startShop, startShopAt } from './start-shop';

watchProcess();

const answering = (itemId: string) => ({
  Get: (_call: any, callback: any) => callback(null, { itemId }),
});
const roundRobin = {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
};

async function idsOf(items: any, count: number) {
  const ids = new Set<string>();
  for (let i = 0; i < count; i++) ids.add((await items.get()).responseData.itemId);
  return [...ids].sort();
}

test('round_robin over ipv4:a,b spreads the calls', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map((id) => startGrpcUpstream(answering(id))));
  const path = `ipv4:${a!.address},${b!.address}`;
  const { items } = await startShopAt(path, { endpoint: { grpcOptions: roundRobin } });
  const ids = new Set<string>();
  while (ids.size < 2) for (const id of await idsOf(items, 5)) ids.add(id);
  expect([...ids].sort()).toEqual(['a', 'b']);
});

test('without it one address takes all calls, and the next one when that is down', async () => {
  const [a, b] = await Promise.all(['a', 'b'].map((id) => startGrpcUpstream(answering(id))));
  const { items } = await startShopAt(`ipv4:${a!.address},${b!.address}`);
  expect(await idsOf(items, 10)).toEqual(['a']);
  await a!.close();
  const { responseData } = await items.get!({ retries: 10 });
  expect(responseData.itemId).toBe('b');
});

test.each([
  ['dns:', (port: number) => `dns:localhost:${port}`],
  ['dns:///', (port: number) => `dns:///localhost:${port}`],
  ['a host', (port: number) => `localhost:${port}`],
])('an endpoint may be %s', async (_what, pathOf) => {
  const { port } = await startGrpcUpstream(answering('a'));
  const { items } = await startShopAt(pathOf(port));
  expect(await idsOf(items, 1)).toEqual(['a']);
});

test('an endpoint may be unix:', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const path = `unix:${join(folder, 'shop.sock')}`;
  const loaded = loadPackageDefinition(
    loadSync('shop.proto', { includeDirs: [PROTO_ROOT] }),
  ) as any;
  const server = new Server();
  server.addService(loaded.shop.Items.service, answering('a'));
  await new Promise((resolve) =>
    server.bindAsync(path, ServerCredentials.createInsecure(), resolve),
  );
  closeAfterTest(() => {
    server.forceShutdown();
    return Promise.resolve(rmSync(folder, { recursive: true }));
  });
  const { items } = await startShopAt(path);
  expect(await idsOf(items, 1)).toEqual(['a']);
});

const large = { Get: (_call: any, callback: any) => callback(null, { note: 'x'.repeat(2000) }) };
const small = { 'grpc.max_receive_message_length': 1000 };

test.each([
  ['the config', { config: { grpcOptions: small } }],
  ['the endpoint', { endpoint: { grpcOptions: small } }],
  [
    'the endpoint, over the config',
    {
      config: { grpcOptions: { 'grpc.max_receive_message_length': 1e6 } },
      endpoint: { grpcOptions: small },
    },
  ],
])('an answer over the receive limit of %s is a coded failure', async (_of, options) => {
  const { items } = await startShop(large, options);
  const { error } = await failureOf(items.get!());
  expect(error).toMatchObject({
    status: 429,
    code: 'GATEWAY_REQUEST_ERROR',
    details: { grpcCode: 8 },
  });
});

test('an answer of 20 MB is below the default limit', async () => {
  const note = 'x'.repeat(20e6);
  const { items } = await startShop({
    Get: (_call: any, callback: any) => callback(null, { note }),
  });
  const { responseData } = await items.get!();
  expect(responseData.note).toHaveLength(20e6);
});
