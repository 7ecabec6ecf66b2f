import type { ApiServiceGrpcActionConfig, GatewayConfig } from '../../../lib';
import { grpcActionAt, recordingMethod } from '../../servers/start-grpc-action';
import { startGrpcUpstream } from '../../servers/start-grpc-upstream';

async function startServer(itemId = 'reached') {
  const { address } = await startGrpcUpstream({ Get: recordingMethod({ itemId }).method });
  return address;
}

const nowhere = '127.0.0.1:1';
const place = { installation: 'main', env: 'test' };
const at = (endpoints: object) => ({ main: { test: endpoints } });
const insecure = (path: string) => ({ path, insecure: true });

async function run(
  endpoints: object | string,
  definition: Partial<ApiServiceGrpcActionConfig> = {},
  config: GatewayConfig<any, any, any> = place,
) {
  return (await grpcActionAt(endpoints, definition, config)).post();
}

const reached = { status: 200, json: { itemId: 'reached' } };

test.each<[string, (address: string) => object]>([
  ['grpcEndpoint', (address) => ({ grpcEndpoint: insecure(address), endpoint: nowhere })],
  ['endpoint, where there is no grpcEndpoint', (address) => ({ endpoint: insecure(address) })],
])('the default name of an endpoint is %s', async (_name, endpointsOf) => {
  expect(await run(at(endpointsOf(await startServer())))).toMatchObject(reached);
});

test('an action names its endpoint', async () => {
  const endpoints = at({ grpcEndpoint: nowhere, spare: insecure(await startServer()) });
  expect(await run(endpoints, { endpoint: 'spare' })).toMatchObject(reached);
});

test('a function chooses among the endpoints by the args', async () => {
  const endpoint = jest.fn((endpoints, args: { itemId: string }) => endpoints[args.itemId]);
  const endpoints = at({ east: insecure(await startServer('east')), west: nowhere });
  const { post } = await grpcActionAt(endpoints, { endpoint }, place);
  expect(await post({ itemId: 'east' })).toMatchObject({ json: { itemId: 'east' } });
  expect(await post({ itemId: 'north' })).toMatchObject({
    status: 400,
    json: { code: 'ENDPOINT_NOT_FOUND' },
  });
});

test.each<[string, (address: string) => object | string, Partial<ApiServiceGrpcActionConfig>]>([
  ['a string', (address) => address, { insecure: true }],
  ['an object', (address) => insecure(address), {}],
])('%s serves everywhere', async (_name, endpointsOf, definition) => {
  expect(await run(endpointsOf(await startServer()), definition, {})).toMatchObject(reached);
});

test.each<[string, object]>([
  ['none at this place', { main: { other: { endpoint: nowhere } } }],
  ['none of this name', at({ restEndpoint: nowhere })],
  ['an empty one', at({ endpoint: '' })],
])('without an endpoint, %s, the call fails with ENDPOINT_NOT_FOUND', async (_name, endpoints) => {
  expect(await run(endpoints)).toMatchObject({
    status: 400,
    json: { code: 'ENDPOINT_NOT_FOUND' },
  });
});

describe('GATEWAY_ENDPOINTS_OVERRIDES', () => {
  const { env } = process;
  afterEach(() => void delete env['GATEWAY_ENDPOINTS_OVERRIDES']);
  const override = (endpoints: object) => {
    env['GATEWAY_ENDPOINTS_OVERRIDES'] = JSON.stringify({ items: endpoints });
  };

  test('a string replaces the path and keeps insecure and grpcOptions', async () => {
    override({ grpcEndpoint: await startServer() });
    expect(await run(at({ grpcEndpoint: insecure(nowhere) }))).toMatchObject(reached);
  });

  test('an object is merged into an extended endpoint', async () => {
    override({ grpcEndpoint: { path: await startServer(), insecure: true } });
    const secure = { path: nowhere, secureWithoutRootCert: true };
    expect(await run(at({ grpcEndpoint: secure }))).toMatchObject(reached);
  });

  test('an object replaces a string', async () => {
    override({ grpcEndpoint: insecure(await startServer()) });
    expect(await run(at({ grpcEndpoint: nowhere }))).toMatchObject(reached);
  });

  test('grpcOptions of an override apply', async () => {
    override({ grpcEndpoint: { grpcOptions: { 'grpc.max_receive_message_length': 1 } } });
    expect(await run(at({ grpcEndpoint: insecure(await startServer()) }))).toMatchObject({
      status: 429,
      json: { details: { grpcCode: 8 } },
    });
  });

  test('G6 insecure beside certificate paths that an override brings fails the build', async () => {
    override({ grpcEndpoint: { caCertificatePath: '/ca.pem' } });
    await expect(run(at({ grpcEndpoint: insecure(nowhere) }))).rejects.toThrow(
      /items\.run.*insecure/,
    );
  });
});

test.each([
  ['a port that is none', 'inner-host:port'],
  ['a port out of range', 'inner-host:99999'],
  ['a URL', 'http://inner-host:80'],
])(
  'G6 an endpoint with %s fails the build, or the calls whose function chooses it',
  async (_name, path) => {
    await expect(run(insecure(path))).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_ENDPOINT', message: expect.stringContaining(path) }),
    );
    const answer = await run({ path: nowhere }, { endpoint: () => insecure(path) });
    expect(answer).toMatchObject({ status: 503, json: { details: { grpcCode: 14 } } });
    expect(answer.text).not.toContain('inner-host');
  },
);

test.each([
  ['an unknown scheme', 'bad://inner-host'],
  ['a name that nobody has', 'inner-host.invalid:80'],
  ['a socket that is not there', 'unix:/inner-host/socket'],
  ['a port where nobody listens', '127.0.0.1:1'],
  ['an IPv6 port where nobody listens', '[::1]:1'],
])('X3 an endpoint with %s is a coded 503 that does not name it', async (_name, path) => {
  const answer = await run(insecure(path), { timeout: 5000 });
  expect(answer).toMatchObject({
    status: 503,
    json: { code: 'GATEWAY_REQUEST_ERROR', details: { grpcCode: 14 } },
  });
  expect(answer.text).not.toMatch(/inner-host|127\.0\.0\.1|::1/);
});

test.each(['127.0.0.1', '[::1]'])('X3 a deadline on %s does not name it', async (host) => {
  const { address } = await startGrpcUpstream({ Get: () => undefined }, { host });
  const answer = await run(insecure(address), { timeout: 300 });
  expect(answer).toMatchObject({ status: 504, json: { details: { grpcCode: 4 } } });
  expect(answer.text).not.toMatch(/127\.0\.0\.1|::1|remote_addr/);
});
