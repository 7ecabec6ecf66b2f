import { join } from 'node:path';
import { closeAfterTest } from '../../test/servers/closing';
import { startGateway } from '../../test/servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { readZoo, startReflectionUpstream } from '../../test/servers/start-reflection-upstream';
import { ECHO_METHODS, REFLECTED } from '../../test/transports/grpc/reflection/start-reflected';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';

checkLeaks();

const rootOf = (tenant: string) => join(PROTO_ROOT, 'tenants', tenant);
const TENANTS = ['a', 'b'] as const;

/** A server for each tenant: same file names, package and messages, other fields. */
async function startTenant(tenant: (typeof TENANTS)[number]) {
  const requests: unknown[] = [];
  const Get = ({ request }: any, callback: any) => {
    requests.push(request);
    const kind = `${tenant.toUpperCase()}_KIND`;
    callback(null, { [`${tenant}Kind`]: kind, [`${tenant}Name`]: tenant });
  };
  const options = { root: rootOf(tenant), proto: 'tenant.proto', service: 'tenant.Names' };
  const { address } = await startGrpcUpstream({ Get }, options);
  const endpoints = { path: address, insecure: true };
  const serviceOf = (protoPath: string) => {
    return { endpoints, actions: { get: { protoPath, protoKey: 'tenant.Names', action: 'Get' } } };
  };
  return { requests, serviceOf, absolute: join(rootOf(tenant), 'tenant.proto') };
}

const args = { aId: 'one', bId: 'two' };
const replies = [
  { aKind: 'A_KIND', aName: 'a' },
  { bKind: 'B_KIND', bName: 'b' },
];
const requests = [[{ aId: 'one' }], [{ bId: 'two' }]];

promiseOnce(
  'T2',
  'Import folders and what was read from them belong to one gateway and scope.',
  () => {
    test('two gateways with the same file names in other folders', async () => {
      const tenants = await Promise.all(TENANTS.map(startTenant));
      const gateways = await Promise.all(
        tenants.map(({ serviceOf }, index) => {
          const schemas = { root: { names: serviceOf('tenant.proto') } };
          return startGateway(schemas, { includeProtoRoots: [rootOf(TENANTS[index]!)] });
        }),
      );
      const answers = await Promise.all(gateways.map(({ post }) => post('names/get', args)));
      expect(answers.map(({ json }) => json)).toEqual(replies);
      expect(tenants.map((tenant) => tenant.requests)).toEqual(requests);
    });

    test('two scopes with the same package and messages', async () => {
      const tenants = await Promise.all(TENANTS.map(startTenant));
      const scopes = tenants.map(({ serviceOf, absolute }) => ({ names: serviceOf(absolute) }));
      const { post } = await startGateway({ one: scopes[0]!, two: scopes[1]! });
      const answers = [await post('one/names/get', args), await post('two/names/get', args)];
      expect(answers.map(({ json }) => json)).toEqual(replies);
      expect(tenants.map((tenant) => tenant.requests)).toEqual(requests);
    });

    test('a folder of one gateway is none of the other', async () => {
      const [a] = [await startTenant('a')];
      const schemas = { root: { names: a.serviceOf('tenant.proto') } };
      await startGateway(schemas, { includeProtoRoots: [rootOf('a')] });
      await expect(startGateway(schemas, { includeProtoRoots: [] })).rejects.toThrow(
        'tenant.proto',
      );
    });
  },
);

promiseOnce(
  'T2',
  'What reflection has learned belongs to one gateway and scope, and ends with it.',
  () => {
    async function startReflected() {
      let files = readZoo;
      const upstream = await startReflectionUpstream({
        methods: ECHO_METHODS,
        files: () => files(),
      });
      const endpoints = { path: upstream.address, insecure: true };
      const zoo = { endpoints, actions: { echo: REFLECTED } };
      const start = () => startGateway({ one: { zoo }, two: { zoo } } as never);
      const lookups = () =>
        upstream.questions.filter(({ fileContainingSymbol: symbol }) => symbol).length;
      return { start, lookups, empty: () => void (files = () => []) };
    }

    test('each gateway and each scope asks for itself, once', async () => {
      const { start, lookups } = await startReflected();
      const gateways = [await start(), await start()];
      for (const _round of [1, 2]) {
        for (const { post } of gateways) {
          for (const scope of ['one', 'two']) {
            expect(await post(`${scope}/zoo/echo`, { nickName: scope })).toMatchObject({
              status: 200,
              json: { nickName: scope },
            });
          }
        }
      }
      expect(lookups()).toBe(4);
    });

    test('a gateway that has learned keeps it, a new one learns nothing from it', async () => {
      const { start, empty } = await startReflected();
      const [old] = [await start()];
      expect(await old.post('one/zoo/echo')).toMatchObject({ status: 200 });
      empty();
      const later = await start();
      closeAfterTest(() => later.gateway.close());
      expect((await later.post('one/zoo/echo')).status).toBeGreaterThanOrEqual(400);
      expect((await old.post('two/zoo/echo')).status).toBeGreaterThanOrEqual(400);
      expect(await old.post('one/zoo/echo')).toMatchObject({ status: 200 });
    });
  },
);
