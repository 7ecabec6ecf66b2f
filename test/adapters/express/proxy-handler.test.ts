import { connect } from 'node:net';
import { bearerAuth, getGatewayControllers, proxy, rateLimit } from '../../../lib';
import { createRecordingContext } from '../../fakes/recording-context';
import { eventually } from '../../servers/eventually';
import { startProxy } from '../../servers/start-proxy';
import type { ProxyOptions } from '../../servers/start-proxy';
import { startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const JSON_TYPE = { 'content-type': 'application/json' };

async function start(options: ProxyOptions = {}) {
  const upstream = await startUpstream(({ body }, response) => response.end(body));
  return { upstream, ...(await startProxy(upstream.url, options)) };
}

describe.each([4, 5] as const)('on Express %i', (express) => {
  test.each(['use', 'pattern'] as const)('a proxy is mounted by app.%s', async (mount) => {
    const definition = mount === 'pattern' ? { pathPrefix: '/files' } : {};
    const { send, upstream } = await start({ express, mount, definition });
    const answer = await send('POST', '/files/a/b?c=d', JSON_TYPE, '{"a":1}');
    expect(answer).toMatchObject({ status: 200, text: '{"a":1}' });
    expect(upstream.last).toMatchObject({ method: 'POST', url: '/a/b?c=d' });
  });

  test('a body that a parser has read is a coded 500 that tells where to mount', async () => {
    const before = (app: any, json: () => unknown) => app.use(json());
    const { send, upstream } = await start({ express, before });
    const { status, json } = await send('POST', '/files/a', JSON_TYPE, '{"a":1}');
    expect([status, json.code]).toEqual([500, 'BODY_ALREADY_READ']);
    expect(json.message).toContain('before body parsers');
    expect(upstream.requests).toEqual([]);
    expect((await send('POST', '/files/a', { 'content-type': 'text/x' }, 'raw')).text).toBe('raw');
    expect((await send('GET', '/files/a', JSON_TYPE)).status).toBe(200);
  });

  test('the router that it is mounted in may have a path of its own', async () => {
    const { upstream, gateway, app, send } = await start({ express });
    app.use('/outer', (req: any, res: any) => {
      req.url = `/x${req.url}`;
      void gateway.proxyHandler('root', 'files', 'raw')(req, res);
    });
    await send('GET', '/outer/a');
    expect(upstream.last.url).toBe('/x/a');
  });
});

test('the controller knows no proxy, whatever its hooks', async () => {
  const { send, upstream } = await start();
  const { status, json } = await send('POST', '/gateway/root/files/raw', JSON_TYPE, '{}');
  expect([status, json.code]).toEqual([404, 'UNKNOWN_SERVICE_ACTION']);
  expect(upstream.requests).toEqual([]);
});

test('the api does not call a proxy, nor does a mixed action', async () => {
  const { gateway } = await start();
  const call = (gateway.api as any).root.files.raw({ args: { method: 'GET', path: '/' } });
  await expect(call).rejects.toMatchObject({ error: { status: 500, code: 'PROXY_NOT_CALLABLE' } });
  const outer = getGatewayControllers({
    root: { s: { actions: { raw: proxy(), mixed: (api: any) => api.s.raw({}) } } },
  });
  const inner = outer.api.s.mixed();
  await expect(inner).rejects.toMatchObject({ error: { code: 'PROXY_NOT_CALLABLE' } });
});

test.each([
  ['root', 'files', 'list'],
  ['root', 'files', 'none'],
  ['root', 'none', 'raw'],
  ['none', 'files', 'raw'],
  ['root', 'files', 'constructor'],
])('mounting %s.%s.%s, which is no proxy, fails and names it', async (...names) => {
  const { gateway } = await start();
  const mount = () => (gateway.proxyHandler as any)(...names);
  expect(mount).toThrow(expect.objectContaining({ code: 'UNKNOWN_PROXY' }));
  expect(mount).toThrow(names.join('.'));
});

test('interceptors see method, path and query, and may refuse', async () => {
  const seen: unknown[] = [];
  const guard = (next: any) => (call: any) => {
    seen.push(call.args, call.origin, call.action.kind);
    if (call.args.path.startsWith('/secret')) throw Object.assign(new Error('no'), { status: 403 });
    return next(call);
  };
  const { send, upstream } = await start({ config: { interceptors: [guard] } });
  expect((await send('GET', '/files/secret/../secret/a?b=1')).status).toBe(403);
  expect(upstream.requests).toEqual([]);
  expect(seen).toEqual([{ method: 'GET', path: '/secret/a', query: 'b=1' }, 'http', 'proxy']);
});

test('an interceptor may answer in the upstream’s place', async () => {
  const definition = {
    interceptors: [() => () => Promise.resolve({ responseData: { own: true } })],
  };
  const { send, upstream } = await start({ definition });
  const { status, json } = await send('GET', '/files/a');
  expect([status, json]).toEqual([200, { own: true }]);
  expect(upstream.requests).toEqual([]);
});

test('an answer that an interceptor replaces takes nothing of the body it was', async () => {
  const replace = (next: any) => async (call: any) => {
    const result = await next(call);
    result.responseData.destroy();
    return { ...result, responseData: { own: 'a longer answer than before' } };
  };
  const upstream = await startUpstream((_request, response) => {
    response
      .writeHead(201, { 'content-encoding': 'gzip', 'content-length': 2, 'x-a': '1' })
      .end('xy');
  });
  const { send } = await startProxy(upstream.url, { definition: { interceptors: [replace] } });
  const { status, headers, json } = await send('GET', '/files/a');
  expect([status, json.own]).toEqual([200, 'a longer answer than before']);
  expect(headers['x-a']).toBe('1');
  expect(headers).not.toHaveProperty('content-encoding');
});

test('bearerAuth and rateLimit stand around a proxy as around any action', async () => {
  const auth = bearerAuth({
    verify: (token) => (token === 'good' ? { name: 'ada' } : undefined),
    headers: { 'x-user': (user: { name: string }) => user.name },
  });
  const interceptors = [auth, rateLimit({ points: 2, durationSec: 60 })];
  const { send, upstream } = await start({ definition: { interceptors } });
  const forged = { 'x-user': 'eve' };
  const refused = await send('POST', '/files/a', forged, 'x'.repeat(500_000));
  expect([refused.status, refused.json.code]).toEqual([401, 'UNAUTHENTICATED']);
  expect(upstream.requests).toEqual([]);
  const good = { ...forged, authorization: 'Bearer good' };
  const passed = await send('POST', '/files/a', good, 'x');
  expect(passed.status).toBe(200);
  expect(Object.keys(passed.headers).join()).toMatch(/ratelimit/);
  expect(upstream.last.headers['x-user']).toBe('ada');
  await send('GET', '/files/a', good);
  const limited = await send('GET', '/files/a', good);
  expect([limited.status, limited.json.code]).toEqual([429, 'RATE_LIMITED']);
});

test('hooks run as for any action, onRequestSuccess excepted', async () => {
  const calls: string[] = [];
  const { send, upstream } = await start({
    config: {
      onBeforeAction: (_req: any, _res: any, ...names: any[]) =>
        void calls.push(names.slice(0, 3).join('.')),
      onRequestSuccess: () => calls.push('success'),
      onRequestFailed: (_req: any, res: any, error: any) =>
        res.status(error.status).json({ own: error.code }),
      getAuthArgs: (req: any) => req.headers['x-session'],
      getAuthHeaders: ({ authArgs, actionType }: any) => ({
        'x-auth': `${actionType} ${authArgs}`,
      }),
    },
  });
  expect((await send('GET', '/files/a', { 'x-session': 's' })).status).toBe(200);
  expect(upstream.last.headers['x-auth']).toBe('rest s');
  expect((await send('GET', '/files/../a')).json).toEqual({ own: 'INVALID_PROXY_PATH' });
  expect(calls).toEqual(['root.files.raw', 'root.files.raw']);
});

test('a validationSchema of its own checks the args, the config’s does not', async () => {
  const own = { type: 'object', properties: { method: { enum: ['GET'] } } };
  const { send } = await start({
    definition: { validationSchema: own },
    config: { validationSchema: { type: 'object', required: ['id'] } },
  });
  expect((await send('GET', '/files/a')).status).toBe(200);
  expect((await send('POST', '/files/a')).json.code).toBe('INVALID_PARAMS');
});

test('stats, context and debug headers are those of any action', async () => {
  const recorded = createRecordingContext();
  const stats: any[] = [];
  const sent: any[] = [];
  const { send, upstream } = await start({
    config: {
      sendStats: (one, headers) => void (stats.push(one), sent.push(headers)),
      withDebugHeaders: true,
    },
    before: (app) =>
      app.use((req: any, _res: any, next: any) => ((req.ctx = recorded.ctx), next())),
  });
  const headers = { authorization: 'secret', 'x-request-id': 'r1' };
  const answer = await send('POST', '/files/a?token=secret', headers, 'hello');
  await eventually(() => stats.length === 1);
  expect(stats[0]).toMatchObject({
    service: 'files',
    action: 'raw',
    restStatus: 200,
    responseSize: 5,
    requestId: 'r1',
    requestMethod: 'POST',
    requestUrl: `${upstream.url}/a`,
  });
  expect(sent[0]).toMatchObject({ authorization: '[REDACTED]', via: '1.1 sallyport' });
  expect(JSON.stringify([recorded, answer.headers])).not.toContain('secret');
  expect(JSON.stringify(recorded)).toContain('Gateway files raw [proxy]');
  expect(answer.headers['x-request-id']).toBe('r1');
});

test.each([
  ['websocket', 501],
  ['h2c, websocket', 501],
  ['h2c', 200],
])('an upgrade to %s is answered with %i', async (upgrade, status) => {
  const { send, upstream } = await start();
  const answer = await send('GET', '/files/a', { connection: 'keep-alive, Upgrade', upgrade });
  expect(answer.status).toBe(status);
  if (status === 501) expect(answer.json.code).toBe('UPGRADE_NOT_SUPPORTED');
  expect(upstream.requests.map(({ headers }) => headers.upgrade)).toEqual(
    status === 501 ? [] : [undefined],
  );
});

test('TRACE, which would show what the gateway adds, is 501', async () => {
  const { send, upstream } = await start();
  const { status, json } = await send('TRACE', '/files/a');
  expect([status, json.code]).toEqual([501, 'METHOD_NOT_SUPPORTED']);
  expect(upstream.requests).toEqual([]);
});

test('a client’s connection is used again after every kind of answer', async () => {
  const { port } = await start();
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += String(chunk)));
  const requests = [
    'POST /files/a HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nab',
    'POST /files/../a HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nab',
    'POST /files/a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\ncd\r\n0\r\n\r\n',
    'HEAD /files/a HTTP/1.1\r\nhost: a\r\n\r\n',
    'GET /files/a HTTP/1.1\r\nhost: a\r\n\r\n',
  ];
  for (const [index, request] of requests.entries()) {
    socket.write(request);
    await eventually(() => text.split('HTTP/1.1 ').length === index + 2);
  }
  expect(text.match(/HTTP\/1\.1 \d+/g)?.join()).toBe(
    'HTTP/1.1 200,HTTP/1.1 400,HTTP/1.1 200,HTTP/1.1 200,HTTP/1.1 200',
  );
  socket.destroy();
});

test('concurrent requests never get each other’s answer (RELIABILITY T5)', async () => {
  const { send } = await start();
  const sent = Array.from({ length: 200 }, (_none, index) => {
    const body = `${index} `.repeat(2000);
    return send('POST', `/files/${index}`, {}, body).then(({ text }) => text === body);
  });
  expect((await Promise.all(sent)).every(Boolean)).toBe(true);
});
