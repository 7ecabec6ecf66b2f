import { getGatewayControllers, toFetchHandler } from '../../../lib';
import type { FetchHandlerOptions, GatewayConfig } from '../../../lib';
import { createRecordingContext } from '../../fakes/recording-context';
import { closeAfterTest } from '../../servers/closing';
import { eventually } from '../../servers/eventually';
import { startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

type Config = GatewayConfig<any, any, any>;

const actions = {
  echo: (_api: unknown, args: object) => args,
  who: (_api: unknown, _args: object, { userId, requestId, headers }: any) => ({
    userId,
    requestId,
    header: headers['x-own'],
  }),
};

function build(config: Config = {}, options: FetchHandlerOptions = {}, more: object = {}) {
  const schemas: any = { root: { s: { actions, ...more } }, admin: { s: { actions } } };
  const gateway = getGatewayControllers(schemas, config);
  closeAfterTest(() => gateway.close({ graceMs: 0 }));
  const handle = toFetchHandler(gateway, options);
  return (path: string, init: RequestInit & { duplex?: 'half' } = {}) =>
    handle(new Request(`http://host.test${path}`, { method: 'POST', ...init }));
}

const withJson = (body: string) => ({ body, headers: { 'content-type': 'application/json' } });

test.each([
  ['/gateway/s/echo', undefined],
  ['/gateway/root/s/echo', undefined],
  ['/gateway/admin/s/echo', undefined],
  ['/gateway/s/ech%6f', undefined],
  ['/api/v1/s/echo', '/api/v1'],
  ['/api/v1/s/echo', '/api/v1/'],
  ['/s/echo', ''],
])('%s is an action below the prefix %s', async (path, prefix) => {
  const ask = build({}, prefix === undefined ? {} : { prefix });
  expect(await (await ask(path, withJson('{"a":1}'))).json()).toEqual({ a: 1 });
});

test.each([
  '/s/echo',
  '/gateways/s/echo',
  '/gateway/s',
  '/gateway/a/b/c/d',
  '/gateway//echo',
  '/gateway/s/%ff',
])('%s is 404', async (path) => {
  const answer = await build()(path);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'UNKNOWN_SERVICE' });
});

test('methods other than GET and POST are 405 and told which there are', async () => {
  const answer = await build()('/gateway/s/echo', { method: 'PUT' });
  expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({
    status: 405,
    allow: 'GET, POST',
  });
  expect(await answer.json()).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
});

test.each([
  ['no JSON', withJson('{'), 400, 'INVALID_BODY'],
  ['a JSON array', withJson('[]'), 400, 'INVALID_BODY'],
  ['of another type', { body: 'a=1' }, 400, 'BODY_NOT_PARSED'],
  ['too long', withJson(JSON.stringify('x'.repeat(64))), 413, 'BODY_TOO_LARGE'],
])('a body that is %s is a coded refusal', async (_what, init, status, code) => {
  const answer = await build({}, { bodyBytes: 64 })('/gateway/s/echo', init);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ status, code });
});

test('prepare gives id, ctx, locals and address', async () => {
  const { ctx, children } = createRecordingContext();
  const addresses: unknown[] = [];
  const ask = build(
    {
      interceptors: [
        (next) => (call) => {
          addresses.push(call.client?.address);
          return next(call);
        },
      ],
    },
    {
      prepare: ({ headers }) => ({
        id: 'req-1',
        ctx: ctx,
        locals: { userId: headers.get('x-user') },
        address: '203.0.113.7',
      }),
    },
  );
  const answer = await ask('/gateway/s/who', { headers: { 'x-user': 'ann', 'x-own': 'o' } });
  expect(await answer.json()).toEqual({ userId: 'ann', requestId: 'req-1', header: 'o' });
  expect(addresses).toEqual(['203.0.113.7']);
  expect(children()).toMatchObject([{ ends: 1 }]);
});

test('a body that breaks under way is a coded refusal that does not tell why', async () => {
  const start = (controller: ReadableStreamDefaultController) => {
    controller.enqueue(Buffer.from('{"a":'));
    controller.error(new Error('inner'));
  };
  const body = new ReadableStream({ start });
  const headers = { 'content-type': 'application/json' };
  const answer = await build()('/gateway/s/echo', { headers, body, duplex: 'half' });
  expect(answer.status).toBe(400);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({ code: 'INVALID_BODY' });
  expect(text).not.toContain('inner');
});

test('what the host gives beside the request goes on to prepare', async () => {
  const gateway = getGatewayControllers({ root: { s: { actions } } });
  closeAfterTest(() => gateway.close({ graceMs: 0 }));
  const handle = toFetchHandler(gateway, {
    prepare: (_request, host: { user: string }) => ({ locals: { userId: host.user } }),
  });
  const answer = await handle(new Request('http://host.test/gateway/s/who'), { user: 'ann' });
  expect(await answer.json()).toMatchObject({ userId: 'ann' });
});

test.each<[string, unknown, number]>([
  ['an error', new Error('inner'), 500],
  ['a status', { status: 403, code: 'NO', message: 'No' }, 403],
])('a prepare that throws %s is answered', async (_what, thrown, status) => {
  const prepare = () => {
    throw thrown as Error;
  };
  const answer = await build({}, { prepare })('/gateway/s/echo');
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ status, code: expect.any(String) });
});

test('hooks set headers and cookies, also late', async () => {
  const ask = build({
    onBeforeAction: (_req, res) => void res.set('set-cookie', ['a=1', 'b=2']).set({ 'x-a': 1 }),
    onRequestSuccess: (_req, res, data) =>
      void setImmediate(() => res.status(201).json({ data, sent: res.headersSent })),
  });
  const answer = await ask('/gateway/s/echo', withJson('{"a":1}'));
  expect(answer.status).toBe(201);
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(answer.headers.get('x-a')).toBe('1');
  expect(await answer.json()).toEqual({ data: { a: 1 }, sent: false });
});

test.each<[string, (res: any) => void, string | null, string]>([
  ['text', (res) => res.send('<b>'), 'text/html; charset=utf-8', '<b>'],
  ['typed text', (res) => res.set('content-type', 'text/csv').send('a'), 'text/csv', 'a'],
  ['bytes', (res) => res.send(Buffer.from('b')), 'application/octet-stream', 'b'],
  ['an object', (res) => res.send({ a: 1 }), 'application/json; charset=utf-8', '{"a":1}'],
  ['nothing', (res) => res.status(204).send(), null, ''],
])('a hook sends %s as Express would', async (_what, send, type, text) => {
  const answer = await build({ onRequestSuccess: (_req, res) => send(res) })('/gateway/s/echo');
  expect(answer.headers.get('content-type')).toBe(type);
  expect(await answer.text()).toBe(text);
});

test.each<[string, (res: any) => void]>([
  ['a status that is none', (res) => res.status(99)],
  ['a header that is none', (res) => res.set('a b', 'c')],
  [
    'a second answer',
    (res) => {
      res.json(1);
      res.json(2);
    },
  ],
])('a hook that gives %s fails as any hook', async (_what, misuse) => {
  const answer = await build({ onBeforeAction: (_req, res) => misuse(res) })('/gateway/s/echo');
  await expect(
    answer.json().then((body: any) => {
      throw new Error(String(body.status));
    }),
  ).rejects.toThrow(/500|cut/);
});

test('who stops reading a streamed answer ends the upstream, and who leaves gets 499', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('first');
  });
  const down = { method: 'GET', path: '/', responseType: 'stream' } as const;
  const more = { endpoints: upstream.url, actions: { down } };
  const answer = await build({}, {}, more)('/gateway/s/down');
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('first');
  await reader.cancel();
  await eventually(() => upstream.sockets.size === 0);

  const gone = new AbortController();
  const onRequestSuccess = () => gone.abort();
  const left = await build({ onRequestSuccess })('/gateway/s/echo', { signal: gone.signal });
  expect(left.status).toBe(499);
});

test.each(['handlerMiddlewares', 'errorMiddlewares'])('%s fail the build', (name) => {
  const pass = (...all: any[]) => all.at(-1)();
  expect(() => build({ [name]: [pass] })).toThrow(
    new RegExp(`config\\.${name} needs .*not for fetch`),
  );
});
