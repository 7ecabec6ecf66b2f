import { request as httpRequest } from 'node:http';
import { createRecordingContext } from '../../test/fakes/recording-context';
import { eventually } from '../../test/servers/eventually';
import { startGateway } from '../../test/servers/start-gateway';
import type { Host } from '../../test/servers/start-gateway';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { watchProcess } from '../../test/servers/watch-process';

watchProcess();

const get = (path: string, more = {}) => ({ method: 'GET', path, ...more });

const users = {
  list: get('/json'),
  create: { method: 'POST', path: '/created', params: (args: object) => ({ body: args }) },
  empty: get('/empty'),
  text: get('/text'),
  bytes: get('/text', { responseType: 'arraybuffer' }),
  stream: get('/text', { responseType: 'stream' }),
  missing: get('/missing'),
  cut: get('/cut'),
  hang: get('/hang', { abortOnClientDisconnect: true }),
  one: get('/json', { path: ({ id }: any) => `/json/${id}` }),
  checked: get('/json', { validationSchema: { type: 'object', required: ['id'] } }),
  echo: (_api: unknown, args: object) => args,
  both: async (api: any, args: any) => [await api.users.one(args), await api.users.list()],
  _own: get('/json'),
};

async function start(version: Host, scope: string, config: object = {}) {
  const upstream = await startUpstream(({ url }, response) => {
    if (url.startsWith('/json')) return sendJson(response, { url });
    if (url === '/created') return sendJson(response, { id: 1 }, 201);
    if (url === '/empty') return response.writeHead(204).end();
    if (url === '/text') return response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b');
    if (url === '/cut') return response.destroy();
    if (url === '/hang') return undefined;
    return sendJson(response, { code: 'NO', message: 'none', debug: 'inner' }, 404);
  });
  const recorded = createRecordingContext();
  const stats: any[] = [];
  const gateway = await startGateway(
    { [scope]: { users: { endpoints: upstream.url, actions: users } } } as never,
    {
      onBeforeAction: (req: any) => void (req.ctx = recorded.ctx),
      sendStats: (one: object) => void stats.push(one),
      ...config,
    },
    // Scalars pass this parser, so that the gateway sees them.
    { express: version, use: (app, json: any) => app.use(json({ strict: false })) },
  );
  const reachedExpress: unknown[] = [];
  gateway.app.use((error: unknown, _req: unknown, res: any, _next: unknown) => {
    reachedExpress.push(error);
    res.status(500).end();
  });
  return { gateway, upstream, stats, reachedExpress, ...recorded };
}

const stands = ([4, 5, 'fetch', 'vite'] as const).flatMap((version) => [
  { version, form: '/:service/:action', scope: 'root', prefix: 'users' },
  { version, form: '/:scope/:service/:action of root', scope: 'root', prefix: 'root/users' },
  { version, form: '/:scope/:service/:action', scope: 'admin', prefix: 'admin/users' },
]);

/** A fetch host has no half answers: a hook answers whole or not at all. */
function begin(res: any): void {
  if (res.write) res.write('half');
  else res.send('whole');
}

describe.each(stands)('$version, $form', ({ version, scope, prefix }) => {
  const outcomes: [string, object, number, unknown][] = [
    ['list', {}, 200, { url: '/json' }],
    ['create', { a: 1 }, 200, { id: 1 }],
    ['empty', {}, 200, ''],
    ['text', {}, 200, 'a,b'],
    ['bytes', {}, 200, 'a,b'],
    ['stream', {}, 200, 'a,b'],
    ['one', { id: 'x y' }, 200, { url: '/json/x%20y' }],
    ['echo', { deep: { a: [1] } }, 200, { deep: { a: [1] } }],
    ['missing', {}, 404, { status: 404, code: 'NO', message: 'none' }],
    ['cut', {}, 502, { status: 502, code: 'ECONNRESET' }],
    ['one', { id: '../x' }, 400, { code: 'GATEWAY_INVALID_PARAM_VALUE' }],
    ['checked', {}, 400, { code: 'INVALID_PARAMS' }],
    ['_own', {}, 404, { code: 'UNKNOWN_SERVICE_ACTION' }],
    ['none', {}, 404, { code: 'UNKNOWN_SERVICE_ACTION' }],
    ['constructor', {}, 404, { code: 'UNKNOWN_SERVICE_ACTION' }],
  ];

  test.each(outcomes)('%s %j is answered %d %j', async (action, args, status, expected) => {
    const { gateway, children, stats, reachedExpress } = await start(version, scope);
    const answer = await gateway.post(`${prefix}/${action}`, args);
    expect(answer.status).toBe(status);
    if (typeof expected === 'string') expect(answer.text).toBe(expected);
    else expect(answer.json).toMatchObject(expected as object);
    expect(answer.text).not.toContain('inner');
    const isKnown = Object.hasOwn(users, action) && action !== '_own';
    await eventually(() => children().every(({ ends }) => ends > 0));
    expect(children().map(({ ends }) => ends)).toEqual(isKnown ? [1] : []);
    expect(stats).toHaveLength(isKnown ? 1 : 0);
    expect(reachedExpress).toEqual([]);
  });

  test('GET takes its args from the query', async () => {
    const { gateway } = await start(version, scope);
    expect(await gateway.get(`${prefix}/one?id=7`)).toMatchObject({ json: { url: '/json/7' } });
  });

  test('a mixed action answers with its result, its inner calls in their own contexts', async () => {
    const { gateway, children, stats } = await start(version, scope);
    const answer = await gateway.post(`${prefix}/both`, { id: '7' });
    // The api of a mixed action has root services at the top, other scopes by their name.
    if (scope === 'root') {
      expect(answer.json).toEqual([{ url: '/json/7' }, { url: '/json' }]);
      expect(children().map(({ ends }) => ends)).toEqual([1, 1, 1]);
      expect(stats).toHaveLength(3);
    } else {
      expect(answer).toMatchObject({ status: 500, json: { status: 500 } });
      expect(children().map(({ ends }) => ends)).toEqual([1]);
    }
  });

  test.each([
    ['"text"', 400, { code: 'INVALID_BODY' }],
    ['[1]', 400, { code: 'INVALID_BODY' }],
    ['7', 400, { code: 'INVALID_BODY' }],
    ['true', 400, { code: 'INVALID_BODY' }],
    ['null', 200, {}],
  ])('I5: a body of %s is answered %d %j', async (body, status, expected) => {
    const { gateway, reachedExpress } = await start(version, scope);
    const answer = await gateway.post(`${prefix}/echo`, body);
    expect(answer).toMatchObject({ status, json: expected });
    expect(reachedExpress).toEqual([]);
  });

  test('hooks see the scope and answer in place of the gateway', async () => {
    const before: unknown[] = [];
    const { gateway } = await start(version, scope, {
      onBeforeAction: (_req: unknown, _res: unknown, ...names: unknown[]) =>
        void before.push(names.slice(0, 3)),
      onRequestSuccess: (_req: unknown, res: any, data: object) => res.status(202).json({ data }),
      onRequestFailed: (_req: unknown, res: any, error: any) => res.status(410).json({ error }),
      onUnknownAction: (_req: unknown, res: any, target: object) => res.status(411).json(target),
    });
    expect(await gateway.post(`${prefix}/list`)).toMatchObject({
      status: 202,
      json: { data: { url: '/json' } },
    });
    expect(await gateway.post(`${prefix}/missing`)).toMatchObject({
      status: 410,
      json: { error: { code: 'NO', debug: 'inner' } },
    });
    expect(await gateway.post(`${prefix}/none`)).toMatchObject({
      status: 411,
      json: { service: 'users', action: 'none' },
    });
    expect(before).toEqual([
      [scope, 'users', 'list'],
      [scope, 'users', 'missing'],
    ]);
  });

  const hooks = ['onBeforeAction', 'onRequestSuccess', 'onRequestFailed', 'onUnknownAction'];
  test.each(hooks)('G2: a failing %s is answered, or ends the connection', async (hook) => {
    const paths: Record<string, string> = { onRequestFailed: 'missing', onUnknownAction: 'none' };
    const path = `${prefix}/${paths[hook] ?? 'list'}`;
    const { gateway, reachedExpress } = await start(version, scope, {
      [hook]: async (req: any, res: any) => {
        if (req.body.begin) begin(res);
        await Promise.reject(new Error('hook'));
      },
    });
    expect(await gateway.post(path)).toMatchObject({
      status: 500,
      json: { status: 500, code: 'GATEWAY_REQUEST_ERROR' },
    });
    await expect(gateway.post(path, { begin: true })).rejects.toThrow();
    expect(reachedExpress).toEqual([]);
  });

  test('G2: a client that leaves cancels the call, which ends its context once', async () => {
    const { gateway, upstream, stats, children, reachedExpress } = await start(version, scope);
    const { port } = gateway;
    const request = httpRequest({ port, path: `/gateway/${prefix}/hang`, method: 'POST' });
    request.on('error', () => undefined).end();
    await eventually(() => upstream.requests.length === 1);
    request.destroy();
    await eventually(() => stats.length > 0);
    expect(stats).toMatchObject([{ restStatus: 499, action: 'hang' }]);
    expect(children()).toMatchObject([{ ends: 1 }]);
    expect(reachedExpress).toEqual([]);
  });
});
