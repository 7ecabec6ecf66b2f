import { startGateway } from '../../test/servers/start-gateway';
import { grpcError, PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise, promiseOnce } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const fail = () => {
  throw Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:4567 /inner/file'), {
    syscall: 'connect',
  });
};
const at = (path: string, more: object = {}) => ({ method: 'GET', path: `/inner${path}`, ...more });

const restActions = {
  failing: at('/500'),
  broken: at('/broken'),
  cut: at('/cut'),
  slow: at('/silent', { timeout: 50 }),
  redirected: at('/redirect', { method: 'POST' }),
  typed: at('/page', { expectedResponseContentType: 'application/json' }),
  invalid: at('/', { validationSchema: { required: ['missing'] } }),
  path: { method: 'GET', path: ({ id }: any) => `/inner/${id}` },
  header: at('/', { params: () => ({ headers: { 'x-a': 'a\nb' } }) }),
  params: at('/', { params: fail }),
  auth: at('/', { getAuthHeaders: fail }),
  endpoint: at('/', { endpoint: fail }),
  transform: at('/good', { transformResponseData: fail }),
};
const grpcActions = {
  failing: shopActions.get,
  slow: { ...shopActions.get, timeout: 50, params: () => ({ body: { itemId: 'slow' } }) },
  wrong: { ...shopActions.get, params: () => ({ body: { itemId: { a: 1 } } }) },
  unknown: shopActions.collect,
  stream: shopActions.watch,
  missing: { ...shopActions.get, action: 'Echo' },
};
const unreachable = { rest: at('/'), grpc: shopActions.get };
const services = {
  rest: restActions,
  grpc: grpcActions,
  gone: unreachable,
  unknown: { rest: at('/') },
  mixed: { thrown: fail, inner: (api: any) => api.rest.broken() },
};

async function start(express: ExpressVersion) {
  const upstream = await startUpstream(({ url }, response) => {
    if (url.endsWith('/silent')) return;
    if (url.endsWith('/cut')) return void response.destroy();
    if (url.endsWith('/500')) return sendJson(response, { code: 'NO', message: 'no' }, 500);
    if (url.endsWith('/redirect')) return response.writeHead(307, { location: url }).end();
    response.setHeader('content-type', url.endsWith('/page') ? 'text/html' : 'application/json');
    response.end(url.endsWith('/broken') ? '{"a"' : '{}');
  });
  const grpc = await startGrpcUpstream({
    Get: ({ request }: any, callback: any) => {
      if (request.itemId !== 'slow') callback(grpcError(5, 'no'));
    },
  });
  const gone = await startUpstream();
  await gone.close();
  const over = (path: string) => ({ path, insecure: true });
  const endpoints: Record<string, unknown> = {
    rest: upstream.url,
    grpc: over(grpc.address),
    gone: { a: { b: { endpoint: gone.url, grpcEndpoint: over(`127.0.0.1:${gone.port}`) } } },
    unknown: 'http://inner-host.invalid:4567',
  };
  const root = Object.fromEntries(
    Object.entries(services).map(([name, actions]) => [
      name,
      { endpoints: endpoints[name], actions },
    ]),
  );
  const config = { installation: 'a', env: 'b', includeProtoRoots: [PROTO_ROOT] };
  const { post } = await startGateway({ root } as never, config, { express });
  const ports = [upstream.port, grpc.port, gone.port].map(String);
  return {
    post,
    hidden: [...ports, '4567', '10.1.2.3', '127.0.0.1', 'inner', 'localhost', process.cwd()],
  };
}

const paths = Object.entries(services).flatMap(([service, actions]) =>
  Object.keys(actions).map((action) => `${service}/${action}`),
);

promise('X3', 'Error answers carry no host, port, path or stack of the inside.', (express) => {
  test.each(paths)('%s', async (path) => {
    const { post, hidden } = await start(express);
    const answer = await post(path, {}, { 'x-request-id': 'r' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const { date, etag, ...headers } = answer.headers;
    expect([date, etag]).toHaveLength(2);
    const whole = JSON.stringify([headers, answer.json]);
    for (const one of hidden) expect(whole).not.toContain(one);
    expect(whole).not.toMatch(/\bat .*:\d+|node:|\.[jt]s\b/);
  });
});

/** What the process writes while `run` goes on, beside the output of the tests. */
async function writtenDuring(run: () => Promise<unknown>): Promise<string[]> {
  const written: string[] = [];
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
  for (const name of methods) {
    jest
      .spyOn(console, name)
      .mockImplementation((...args) => void written.push(`${name}: ${args[0]}`));
  }
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => (written.push(String(text)), true));
  }
  try {
    await run();
  } finally {
    jest.restoreAllMocks();
  }
  return written;
}

promise(
  'X4',
  'The gateway writes nothing to the console, whatever happens to calls.',
  (express) => {
    test('calls of all outcomes', async () => {
      const written = await writtenDuring(async () => {
        const { post } = await start(express);
        for (const path of paths) await post(path);
      });
      expect(written).toEqual([]);
    });
  },
);

const OVERRIDES = 'GATEWAY_ENDPOINTS_OVERRIDES';

promiseOnce(
  'X4',
  'A bad GATEWAY_ENDPOINTS_OVERRIDES is one warning on the console; the gateway works without it.',
  () => {
    afterEach(() => void delete process.env[OVERRIDES]);

    test.each([
      ['no JSON', '{bad', /^warn: Error when parse GATEWAY_ENDPOINTS_OVERRIDES$/],
      ['no object', '[]', /^warn: Error when parse GATEWAY_ENDPOINTS_OVERRIDES$/],
      [
        'unknown names',
        '{"a":{},"b":{},"s":{"other":"http://x"}}',
        /^warn: GATEWAY_ENDPOINTS_OVERRIDES names/,
      ],
    ])('%s', async (_name, value, warning) => {
      const upstream = await startUpstream();
      const actions = { run: at('/') };
      process.env[OVERRIDES] = value;
      const written = await writtenDuring(async () => {
        const schemas = { root: { s: { endpoints: upstream.url, actions } } };
        const { post } = await startGateway(schemas as never);
        expect((await post('s/run')).status).toBe(200);
      });
      expect(written).toEqual([expect.stringMatching(warning)]);
    });
  },
);
