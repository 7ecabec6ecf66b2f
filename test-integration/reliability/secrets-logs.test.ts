import { inspect } from 'node:util';
import { createRecordingContext } from '../../test/fakes/recording-context';
import { startGateway } from '../../test/servers/start-gateway';
import { grpcError, PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

/** As client libraries make them: with the request, its headers and its body hanging on. */
function clientError(): Error {
  return Object.assign(new Error('client failed'), {
    config: { headers: { authorization: 'hidden-auth' }, data: 'hidden-args' },
    request: { _header: 'cookie: hidden-cookie' },
    response: { data: 'hidden-reply' },
  });
}

const fail = () => {
  throw clientError();
};

const action = {
  method: 'POST',
  path: '/things',
  params: (body: object) => ({ body, query: { q: 'hidden-query' } }),
} as const;

/** Outcomes of a call, by the path that the upstream is asked for. */
const actions = {
  good: action,
  failing: { ...action, path: '/500' },
  broken: { ...action, path: '/broken' },
  cut: { ...action, path: '/cut' },
  slow: { ...action, path: '/silent', timeout: 50 },
  invalid: { ...action, validationSchema: { required: ['missing'] } },
  hook: { ...action, params: fail },
  auth: { ...action, getAuthHeaders: fail },
  transform: { ...action, transformResponseData: fail },
  transformError: { ...action, path: '/500', transformResponseError: fail },
};

const grpcActions = {
  good: shopActions.get,
  failing: { ...shopActions.get, params: () => ({ body: { itemId: 'hidden-args' } }) },
  slow: { ...shopActions.get, timeout: 50, params: () => ({ body: { itemId: 'slow' } }) },
};

/** Everything that a call of each action logs and reports, as a logger that looks at every member writes it. */
async function start(express: ExpressVersion, config: object = {}) {
  const upstream = await startUpstream(({ url }, response) => {
    const reply = { code: 'NO', message: 'no', reply: 'hidden-reply' };
    if (url.startsWith('/silent')) return;
    if (url.startsWith('/cut')) return void response.destroy();
    if (url.startsWith('/500')) return sendJson(response, reply, 500);
    response.setHeader('content-type', 'application/json');
    response.setHeader('set-cookie', 'a=hidden-cookie');
    response.end(url.startsWith('/broken') ? '{"hidden-reply"' : JSON.stringify(reply));
  });
  const grpc = await startGrpcUpstream({
    Get: ({ request }: any, callback: any) => {
      if (request.itemId === 'hidden-args') callback(grpcError(5, 'no'));
      else if (request.itemId !== 'slow') callback(null, { note: 'hidden-reply' });
    },
  });
  const { ctx, all } = createRecordingContext();
  const stats: { one: any; headers: any }[] = [];
  const endpoint = upstream.url.replace('http://', 'http://user:hidden-pass@');
  const schemas = {
    root: {
      rest: { endpoints: endpoint, actions },
      grpc: { endpoints: { path: grpc.address, insecure: true }, actions: grpcActions },
    },
  };
  const gateway = await startGateway(
    schemas as never,
    {
      includeProtoRoots: [PROTO_ROOT],
      onBeforeAction: (req: any) => void (req.ctx = ctx),
      getAuthHeaders: () => ({ 'x-whoami': 'hidden-auth' }),
      proxyHeaders: ['cookie'],
      sendStats: (one: object, headers: object) => void stats.push({ one, headers }),
      ...config,
    },
    { express },
  );
  const headers = {
    cookie: 'a=hidden-cookie',
    authorization: 'hidden-auth',
    'x-request-id': 'id-1',
  };
  const post = (path: string) => gateway.post(path, { password: 'hidden-args' }, headers);
  const text = () => {
    const whole = { depth: null, maxStringLength: null, maxArrayLength: null, showHidden: true };
    const seen = all.map(({ logs, errors, stats: own }) => ({ logs, errors, own }));
    return inspect([seen, stats], whole);
  };
  return { post, all, stats, text, url: upstream.url };
}

const paths = [
  ...Object.keys(actions).map((name) => `rest/${name}`),
  ...Object.keys(grpcActions).map((name) => `grpc/${name}`),
];

promise(
  'X1',
  'Logs and stats never carry args, answers, queries, userinfo, credentials or whole client errors.',
  (express) => {
    test.each(paths)('%s', async (path) => {
      const { post, text } = await start(express);
      await post(path);
      expect(text()).toContain('id-1');
      expect(text()).not.toContain('hidden-');
    });

    test.each(['sendStats', 'proxyDebugHeaders', 'withDebugHeaders', 'onRequestSuccess'])(
      'with %s failing',
      async (hook) => {
        const { post, text } = await start(express, {
          [hook]: () => Promise.reject(clientError()),
        });
        await post('rest/good');
        expect(text()).toContain('client failed');
        expect(text()).not.toContain('hidden-');
      },
    );
  },
);

promise(
  'X1',
  'A log entry has method, URL, status, code, attempt, duration and size.',
  (express) => {
    test('of a success', async () => {
      const { post, all, url } = await start(express);
      await post('rest/good');
      const [, child] = all;
      expect(child?.logs[0]?.extra).toMatchObject({
        requestId: 'id-1',
        method: 'POST',
        url: `${url}/things`,
        status: 200,
        attempt: 1,
        durationMs: expect.any(Number) as number,
        responseBytes: expect.any(Number) as number,
      });
    });

    test.each([
      ['rest/failing', 500, 'NO', 'POST', '/500'],
      ['grpc/failing', 404, 'GATEWAY_REQUEST_ERROR', 'Get', 'shop.Items'],
    ])('of a failure: %s', async (path, status, code, method, at) => {
      const { post, all } = await start(express);
      await post(path);
      const [, child] = all;
      expect(child?.errors).toHaveLength(1);
      expect(child?.errors[0]?.error).toMatchObject({ code });
      expect(child?.errors[0]?.extra).toMatchObject({
        ...{ requestId: 'id-1', status, code, method, attempt: 1 },
        url: expect.stringContaining(at) as string,
        durationMs: expect.any(Number) as number,
      });
    });
  },
);

const sensitive = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'proxy-authorization',
  'x-user-token',
  'x-session-ticket',
  'x-api-key',
];

promise(
  'X2',
  'Headers of stats are redacted by name, and those from auth hooks whatever their names.',
  (express) => {
    test.each(['rest/good', 'grpc/good'])('%s', async (path) => {
      const given = Object.fromEntries(sensitive.map((name) => [name, 'hidden-given']));
      const { post, stats, text } = await start(express, {
        proxyHeaders: () => ({ ...given, 'x-shown': 'shown' }),
        getAuthHeaders: () => ({ 'X-Whoami': 'hidden-auth' }),
      });
      await post(path);
      const { headers } = stats[0]!;
      expect(text()).not.toContain('hidden-');
      const names = path.startsWith('rest')
        ? [...sensitive.filter((name) => !name.startsWith('proxy-')), 'x-whoami']
        : ['cookie', 'authorization'];
      for (const name of names) expect(headers[name.toLowerCase()]).toBe('[REDACTED]');
      if (path.startsWith('rest')) expect(headers['x-shown']).toBe('shown');
    });
  },
);
