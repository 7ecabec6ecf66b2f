import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';
import { recordingMethod, SHOP_GET, WITH_PROTOS } from '../servers/start-grpc-action';
import { startGrpcUpstream } from '../servers/start-grpc-upstream';
import { failureOf } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const OVERRIDES = 'GATEWAY_ENDPOINTS_OVERRIDES';
afterEach(() => delete process.env[OVERRIDES]);

/** One service `key`, shown as `Shown`, with an action of each kind. */
async function startShown(config: object = {}) {
  const rest = await startUpstream();
  const grpc = await startGrpcUpstream({ Get: recordingMethod().method });
  const actions = {
    rest: { method: 'GET', path: '/' },
    grpc: SHOP_GET,
    mixed: () => 1,
    lost: { method: 'GET', path: '/', endpoint: 'absent' },
    odd: { ...SHOP_GET, action: 'Odd' },
  };
  const endpoints = {
    main: { test: { endpoint: rest.url, grpcEndpoint: insecure(grpc.address) } },
  };
  const gateway = await startGateway(
    { root: { key: { serviceName: 'Shown', endpoints, actions } } } as never,
    { ...WITH_PROTOS, installation: 'main', env: 'test', ...config },
  );
  return { ...gateway, key: (gateway.api as any).key };
}

const insecure = (path: string) => ({ path, insecure: true });
const kinds = ['rest', 'grpc', 'mixed'] as const;

test.each(kinds)('ctx names, tags and stats of a %s action show the serviceName', async (kind) => {
  const stats: any[] = [];
  const { key } = await startShown({ sendStats: (sent: object) => void stats.push(sent) });
  const { ctx, children } = createRecordingContext();
  await key[kind]({ ctx });
  expect(children()).toMatchObject([
    {
      name: `Gateway Shown ${kind} [${kind}]`,
      tags: { action: kind, service: 'Shown', type: kind },
    },
  ]);
  expect(stats).toMatchObject([{ service: 'Shown', action: kind }]);
});

test.each([
  ['rest', {}],
  ['grpc', { protopath: SHOP_GET.protoPath, protokey: SHOP_GET.protoKey }],
] as const)('hooks of a %s action are told the serviceName', async (kind, names) => {
  const proxied: unknown[] = [];
  const auth: unknown[] = [];
  const { key, post } = await startShown({
    proxyHeaders: (_headers: object, ...told: unknown[]) => void proxied.push(told),
    getAuthHeaders: (told: object) => void auth.push(told),
    getAuthArgs: () => ({ by: 'getAuthArgs' }),
  });
  await key[kind]({ headers: { 'x-in': '1' }, authArgs: { by: 'call' } });
  expect(await post(`key/${kind}`, {}, { 'x-in': '2' })).toMatchObject({ status: 200 });
  const extra = [kind, { service: 'Shown', action: kind, ...names }];
  expect(proxied).toEqual([extra, extra]);
  const told = (n: string, by: string) => ({
    actionType: kind,
    serviceName: 'Shown',
    requestHeaders: expect.objectContaining({ 'x-in': n }),
    authArgs: { by },
    state: {},
  });
  expect(auth).toEqual([told('1', 'call'), told('2', 'getAuthArgs')]);
});

test('the controller and api find the service by its key only', async () => {
  const { api, post } = await startShown();
  expect(await post('key/rest')).toMatchObject({ status: 200 });
  expect(await post('Shown/rest')).toMatchObject({
    status: 404,
    json: { code: 'UNKNOWN_SERVICE' },
  });
  expect(api).not.toHaveProperty('Shown');
});

test('`actions` names the service by its key', async () => {
  const { post } = await startShown({ actions: ['root.key.rest'] });
  expect(await post('key/rest')).toMatchObject({ status: 200 });
  await expect(startShown({ actions: ['root.Shown.rest'] })).rejects.toThrow('root.Shown.rest');
});

test('overrides name the service by its key', async () => {
  const other = await startUpstream();
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  process.env[OVERRIDES] = JSON.stringify({
    key: { endpoint: other.url },
    Shown: { endpoint: 'http://nowhere.invalid' },
  });
  const { key } = await startShown();
  await key.rest();
  expect(other.requests).toHaveLength(1);
  expect(String(warn.mock.calls[0])).toContain('Shown');
  warn.mockRestore();
});

test('error texts name the service by its key', async () => {
  const { key } = await startShown();
  const { error } = await failureOf(key.odd());
  expect(error.message).toBe('Not found action Odd in key');
  const broken = { method: 'GET', path: '/', validationSchema: { type: 'no-type' } };
  const schema = {
    root: { key: { serviceName: 'Shown', endpoints: 'http://a', actions: { broken } } },
  };
  await expect(startGateway(schema as never)).rejects.toThrow(/root\.key\.broken|key\.broken/);
});
