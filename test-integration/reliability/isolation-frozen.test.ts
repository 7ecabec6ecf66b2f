import { deepFreeze } from '../../test/fakes/deep-freeze';
import { createRecordingContext } from '../../test/fakes/recording-context';
import { startGateway } from '../../test/servers/start-gateway';
import { SHOP_GET, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const OVERRIDES = 'GATEWAY_ENDPOINTS_OVERRIDES';

/** Everything that may be given, in the forms that would be easiest to change. */
async function prepare() {
  const rest = await startUpstream();
  const Get = (_call: unknown, callback: any) => callback(null, { itemId: 'a' });
  const grpc = await startGrpcUpstream({ Get });
  const common = {
    getAuthHeaders: () => deepFreeze({ authorization: 'token' }),
    proxyHeaders: ['x-user'],
    proxyResponseHeaders: ['content-type'],
    validationSchema: { type: 'object', properties: { id: { type: 'string', default: 'b' } } },
    params: (args: object) =>
      deepFreeze({ body: args, query: { q: ['1', '2'] }, headers: { 'x-own': 'a' } }),
  };
  const schemas = {
    root: {
      s: {
        endpoints: {
          main: {
            test: {
              endpoint: { path: rest.url, axiosConfig: { headers: { 'x-endpoint': 'a' } } },
              grpcEndpoint: { path: grpc.address, insecure: true, grpcOptions: { 'grpc.a': 1 } },
            },
          },
        },
        actions: {
          rest: { method: 'POST', path: ({ id }: any) => `/${id}`, ...common },
          grpc: { ...SHOP_GET, ...common, encodedFields: ['metadata'] },
          mixed: async (api: any, args: any) => {
            const given = deepFreeze({ ...args });
            return [await api.s.rest(given), await api.s.grpc(given)];
          },
        },
      },
    },
  };
  const config = {
    ...WITH_PROTOS,
    installation: 'main',
    env: 'test',
    actions: ['root.*'],
    axiosConfig: { headers: { 'x-config': 'a' }, timeout: 5000 },
    grpcOptions: { 'grpc.b': 1 },
    limits: { queue: 10 },
    proxyHeaders: ['x-team'],
    proxyDebugHeaders: ['x-user'],
    withDebugHeaders: true,
    getAuthArgs: () => deepFreeze({ token: 'a' }),
    onBeforeAction: (req: any) => void deepFreeze(req.body),
  };
  return { rest, schemas, config };
}

/** A copy to compare with; functions stay what they are. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)])) as T;
}

async function askEverything(
  express: ExpressVersion,
  schemas: object,
  config: object,
  call: object,
) {
  const { post, api } = await startGateway(schemas as never, config, { express });
  for (const action of ['rest', 'grpc', 'mixed']) {
    expect(await post(`s/${action}`, { id: 'a', deep: { list: [1] } })).toMatchObject({
      status: 200,
    });
    await expect((api as any).s[action](call)).resolves.toHaveProperty('responseData');
  }
}

const makeCall = () => ({
  requestId: 'r',
  args: { id: 'a', deep: { list: [{ a: 1 }] } },
  headers: { 'x-user': 'u', 'x-team': ['t'] },
  authArgs: { token: 'a' },
  retries: 1,
});

const overriding = (test: () => Promise<void>) => async () => {
  const before = process.env[OVERRIDES];
  process.env[OVERRIDES] = JSON.stringify({ s: { endpoint: { axiosConfig: { timeout: 9000 } } } });
  try {
    await test();
  } finally {
    if (before === undefined) delete process.env[OVERRIDES];
    else process.env[OVERRIDES] = before;
  }
};

promise('T4', 'Frozen configs, schemas, call objects and results of hooks work.', (express) => {
  const run = async () => {
    const { schemas, config, rest } = await prepare();
    const call = { ...makeCall(), ctx: Object.freeze(createRecordingContext().ctx) };
    await askEverything(express, deepFreeze(schemas), deepFreeze(config), deepFreeze(call));
    expect(rest.last).toMatchObject({ url: '/a?q%5B%5D=1&q%5B%5D=2', headers: { 'x-own': 'a' } });
  };
  test('through the controller and through `api`', run);
  test('with overrides from the environment', overriding(run));
});

promise('T4', 'Configs, schemas and call objects are never changed.', (express) => {
  const run = async () => {
    const { schemas, config } = await prepare();
    const call = makeCall();
    const before = copy({ schemas, config, call });
    await askEverything(express, schemas, config, call);
    expect({ schemas, config, call }).toEqual(before);
  };
  test('through the controller and through `api`', run);
  test('with overrides from the environment', overriding(run));
});
