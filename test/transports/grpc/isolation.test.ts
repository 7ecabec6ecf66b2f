import { join } from 'node:path';
import { deepFreeze } from '../../fakes/deep-freeze';
import {
  recordingMethod,
  SHOP_GET,
  startGrpcAction,
  WITH_PROTOS,
} from '../../servers/start-grpc-action';
import { startGateway } from '../../servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { startTcpRelay } from '../../servers/start-tcp-relay';

const rootOf = (tenant: string) => join(PROTO_ROOT, 'tenants', tenant);
const service = 'tenant.Names';

async function startTenant(tenant: 'a' | 'b') {
  const get = recordingMethod({
    [`${tenant}Kind`]: `${tenant.toUpperCase()}_KIND`,
    [`${tenant}Name`]: tenant,
  });
  const { address } = await startGrpcUpstream(
    { Get: get.method },
    { root: rootOf(tenant), proto: 'tenant.proto', service },
  );
  const endpoints = { path: address, insecure: true };
  const schemaOf = (protoPath: string) => {
    return {
      names: { endpoints, actions: { get: { protoPath, protoKey: service, action: 'Get' } } },
    };
  };
  return { get, schemaOf };
}

const replies = [
  { aKind: 'A_KIND', aName: 'a' },
  { bKind: 'B_KIND', bName: 'b' },
];

test('T2 two gateways with the same proto path, package and messages each keep their own', async () => {
  const tenants = [await startTenant('a'), await startTenant('b')] as const;
  const gateways = [
    await startGateway(
      { root: tenants[0].schemaOf('tenant.proto') },
      { includeProtoRoots: [rootOf('a')] },
    ),
    await startGateway(
      { root: tenants[1].schemaOf('tenant.proto') },
      { includeProtoRoots: [rootOf('b')] },
    ),
  ];
  const args = { aId: 'one', bId: 'two' };
  const answers = await Promise.all(gateways.map((gateway) => gateway.post('names/get', args)));
  expect(answers.map(({ json }) => json)).toEqual(replies);
  expect(tenants.map(({ get }) => get.last.request)).toEqual([{ aId: 'one' }, { bId: 'two' }]);
});

test('T2 two scopes with the same package and messages, in different files, each keep their own', async () => {
  const [a, b] = [await startTenant('a'), await startTenant('b')];
  const gateway = await startGateway({
    first: a.schemaOf(join(rootOf('a'), 'tenant.proto')),
    second: b.schemaOf(join(rootOf('b'), 'tenant.proto')),
  });
  const answers = [await gateway.post('first/names/get'), await gateway.post('second/names/get')];
  expect(answers.map(({ json }) => json)).toEqual(replies);
});

test('T2 two files with the same package and messages in one scope each keep their own', async () => {
  const [a, b] = [await startTenant('a'), await startTenant('b')];
  const { names: first } = a.schemaOf(join(rootOf('a'), 'tenant.proto'));
  const { names: second } = b.schemaOf(join(rootOf('b'), 'tenant.proto'));
  const gateway = await startGateway({ root: { first, second } });
  const answers = [await gateway.post('first/get'), await gateway.post('second/get')];
  expect(answers.map(({ json }) => json)).toEqual(replies);
});

async function startCounted() {
  const get = recordingMethod({ itemId: 'a' });
  const { port } = await startGrpcUpstream({ Get: get.method });
  const relay = await startTcpRelay(port);
  return { path: relay.address, connectionCount: () => relay.count, get };
}

const items = (endpoints: object, ...definitions: object[]) => ({
  items: {
    endpoints,
    actions: Object.fromEntries(
      definitions.map((own, index) => [`run${index}`, { ...SHOP_GET, ...own }]),
    ),
  },
});

test('L3 an endpoint function builds no client per call', async () => {
  const { path, connectionCount } = await startCounted();
  const endpoint = () => ({
    path,
    insecure: true,
    grpcOptions: { 'grpc.max_send_message_length': 9999 },
  });
  const gateway = await startGateway({ root: items({ path }, { endpoint }) } as never, WITH_PROTOS);
  for (let i = 0; i < 5; i++)
    expect(await gateway.post('items/run0')).toMatchObject({ status: 200 });
  await Promise.all(Array.from({ length: 20 }, () => gateway.post('items/run0')));
  expect(connectionCount()).toBe(1);
});

test('T1 actions of one service and endpoint share a connection', async () => {
  const { path, connectionCount } = await startCounted();
  const gateway = await startGateway(
    { root: items({ path, insecure: true }, {}, {}) } as never,
    WITH_PROTOS,
  );
  for (const name of ['run0', 'run1', 'run0']) await gateway.post(`items/${name}`);
  expect(connectionCount()).toBe(1);
});

test.each<[string, object[]]>([
  ['options', [{ grpcOptions: { 'grpc.max_send_message_length': 1 << 20 } }, {}]],
  [
    'options, one of them unset',
    [{ grpcOptions: {} }, { grpcOptions: { 'grpc.primary_user_agent': 'a' } }],
  ],
])('T1 endpoints that differ in %s never share a connection', async (_name, levels) => {
  const { path, connectionCount } = await startCounted();
  const definitions = levels.map((level) => ({
    endpoint: () => ({ path, insecure: true, ...level }),
  }));
  const gateway = await startGateway(
    { root: items({ path }, ...definitions) } as never,
    WITH_PROTOS,
  );
  for (const name of ['run0', 'run1', 'run0', 'run1']) {
    expect(await gateway.post(`items/${name}`)).toMatchObject({ status: 200 });
  }
  expect(connectionCount()).toBe(2);
});

test('T1 two gateways and two scopes never share a connection', async () => {
  const { path, connectionCount } = await startCounted();
  const schema = items({ path, insecure: true }, {});
  const [first, second] = [
    await startGateway({ one: schema, two: schema } as never, WITH_PROTOS),
    await startGateway({ one: schema } as never, WITH_PROTOS),
  ];
  await first.post('one/items/run0');
  await first.post('two/items/run0');
  await second.post('one/items/run0');
  expect(connectionCount()).toBe(3);
});

test('T4 frozen schema, config and call work, and nothing in them changes', async () => {
  const { path, get } = await startCounted();
  const schema = deepFreeze({
    root: items({ path, insecure: true }, { encodedFields: ['parent'] }),
  });
  const gateway = await startGateway(
    schema as never,
    deepFreeze({ ...WITH_PROTOS, grpcOptions: {} }),
  );
  const call = deepFreeze({ args: { itemId: 'a' }, headers: { 'x-a': ['b'] } });
  const { responseData } = await (gateway.api as any).items.run0(call);
  expect(responseData).toMatchObject({ itemId: 'a' });
  expect(get.last.request).toEqual({ itemId: 'a' });
});

test('T5 concurrent users never see the token or the answer of another', async () => {
  const Get = (call: any, callback: any) => {
    const [token] = call.metadata.get('authorization') as string[];
    const reply = () => callback(null, { itemId: call.request.itemId, note: token });
    setTimeout(reply, Math.random() * 20);
  };
  const { call } = await startGrpcAction(
    { Get },
    {},
    { getAuthHeaders: ({ authArgs }) => ({ authorization: `Bearer ${authArgs}` }) },
  );
  const users = Array.from({ length: 600 }, (_, number) => `user-${number}`);
  const answers = await Promise.all(
    users.map((user) => call({ args: { itemId: user }, authArgs: user })),
  );
  const seen = answers.map(({ responseData }) => [responseData.itemId, responseData.note]);
  expect(seen).toEqual(users.map((user) => [user, `Bearer ${user}`]));
});
