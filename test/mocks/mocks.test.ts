import { bearerAuth, delay, fail, gatewayPlugin, mixed, proxy } from '../../lib';
import type { GatewayConfig, GatewayPluginOptions } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { deepFreeze } from '../fakes/deep-freeze';
import { startUpstream } from '../servers/start-upstream';
import { startVite } from '../servers/start-vite';
import { watchProcess } from '../servers/watch-process';

watchProcess();

type Mocked = GatewayPluginOptions<any, any, any, any>['mocks'];

const proto = { protoKey: 'not.There', protoPath: 'not-there.proto', action: 'get' };
const actions = {
  get: { method: 'GET', path: ({ id }: { id: string }) => `/${id}` },
  slow: { method: 'GET', path: '/', timeout: 20 },
  checked: { method: 'GET', path: '/', validationSchema: { type: 'object', required: ['id'] } },
  transformed: { method: 'GET', path: '/', transformResponseData: () => 'transformed' },
  rpc: proto,
  watch: { ...proto, type: 'serverStream' },
  write: { ...proto, type: 'clientStream' },
  passed: proxy(),
  sum: () => 'own',
  sumSlow: mixed(() => 'own', { timeout: 20 }),
  both: async (api: any, args: object) => [await api.s.get(args), await api.s.sum()],
  changes: async (api: any) => Object.assign(await api.s.get(), { changed: true }),
  read: async (api: any) => {
    const read: unknown[] = [];
    for await (const message of await api.s.watch()) read.push(message);
    return read;
  },
} as const;

/** Neither service has an endpoint, and the proto files are not there. */
const schemas: any = { root: { s: { actions } }, admin: { s: { actions } } };

async function start(mocks: Mocked, config: GatewayConfig<any, any, any> = {}, more = schemas) {
  const { url } = await startVite(gatewayPlugin({ schemas: more, config, mocks }));
  return async (path: string, args: object = {}, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/gateway/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(args),
    });
    const body = await answer.text();
    return { status: answer.status, body: body === '' ? undefined : (JSON.parse(body) as unknown) };
  };
}

/** gRPC actions without their proto files build only as mocks. */
const grpcMocks = { rpc: {}, watch: [] };
const withoutGrpc = (() => {
  const {
    rpc: _rpc,
    watch: _watch,
    write: _write,
    passed: _passed,
    read: _read,
    ...rest
  } = actions;
  return { root: { s: { actions: rest } }, admin: { s: { actions: rest } } };
})();

const NONE = { status: 404, code: 'NO_NOTE', message: 'There is no such note' };

test.each<[string, any, number, unknown]>([
  ['an object', { id: '1' }, 200, { id: '1' }],
  ['a list', [1, { a: null }], 200, [1, { a: null }]],
  ['a text', 'a', 200, 'a'],
  ['zero', 0, 200, 0],
  ['null', null, 200, undefined],
  ['a function of the args', ({ id }: any) => ({ of: id }), 200, { of: '7' }],
  ['an async function', ({ id }: any) => Promise.resolve([id]), 200, ['7']],
  ['a function without data', () => undefined, 200, undefined],
  ['a failure', fail(NONE), 404, NONE],
  ['a function that gives a failure', () => fail(NONE), 404, NONE],
  [
    'a failure with details',
    fail({ ...NONE, details: { title: 'T' } }),
    404,
    { details: { title: 'T' } },
  ],
  ['a delayed value', delay(1, { id: '1' }), 200, { id: '1' }],
  ['a delayed function', delay(1, ({ id }: any) => [id]), 200, ['7']],
  ['a delayed failure', delay(1, fail(NONE)), 404, NONE],
  ['a function that gives a delay', () => delay(1, delay(1, 'late')), 200, 'late'],
  ['a throwing function', () => Promise.reject(new Error('oops')), 500, { message: 'oops' }],
  [
    'a function that throws a status',
    () => Promise.reject(Object.assign(new Error('no'), { status: 403, code: 'NO' })),
    403,
    { code: 'NO', message: 'no' },
  ],
])('%s answers in place of a backend', async (_name, mock, status, expected) => {
  const all = { get: mock, transformed: mock, sum: mock };
  const ask = await start({ root: { s: all } }, { strict: false }, withoutGrpc);
  for (const name of Object.keys(all)) {
    const answer = await ask(`s/${name}`, { id: '7' });
    expect(answer.status).toBe(status);
    if (typeof expected === 'object' && expected !== null && !Array.isArray(expected)) {
      expect(answer.body).toMatchObject(expected);
    } else expect(answer.body).toEqual(expected);
  }
});

test('an action without endpoint and proto file builds as a mock, with strict too', async () => {
  const { get, rpc, watch } = actions;
  const mocks = { root: { s: { get: 1, rpc: { a: 2 }, watch: [] } } };
  const more = { root: { s: { actions: { get, rpc, watch } } } };
  const ask = await start(mocks, { strict: true }, more);
  expect(await ask('s/rpc')).toEqual({ status: 200, body: { a: 2 } });
});

test('what is not mocked is called, in the same service and in another scope', async () => {
  const upstream = await startUpstream();
  const { get, sum } = actions;
  const service = { endpoints: upstream.url, actions: { get, sum } };
  const more = { root: { s: service }, admin: { s: service } };
  const ask = await start({ root: { s: { sum: 'mock', get: undefined } } }, {}, more);
  expect(await ask('s/sum')).toMatchObject({ body: 'mock' });
  expect(await ask('s/get', { id: '1' })).toMatchObject({ body: { ok: true } });
  expect(await ask('admin/s/sum')).toMatchObject({ body: 'own' });
});

test('mixed actions that call a mocked action get the mock', async () => {
  const mocks = { root: { s: { get: ({ id }: any) => ({ id }), sum: fail(NONE) } } };
  const ask = await start(mocks, {}, withoutGrpc);
  expect(await ask('s/both', { id: '1' })).toMatchObject({ status: 404, body: NONE });
  const other = await start({ root: { s: { get: () => 'g', sum: 's' } } }, {}, withoutGrpc);
  expect(await other('s/both')).toEqual({ status: 200, body: ['g', 's'] });
});

test('what a hook or a mixed action does to a mock is gone in the next call', async () => {
  const mocks = deepFreeze({ root: { s: { get: { a: [{ b: 1 }] } } } });
  const onRequestSuccess = (_req: unknown, res: any, data: any) => {
    if (data.a) data.a[0].b += 1;
    res.json(data);
  };
  const ask = await start(mocks, { onRequestSuccess }, withoutGrpc);
  for (const _round of [1, 2]) {
    expect(await ask('s/get')).toMatchObject({ body: { a: [{ b: 2 }] } });
    expect(await ask('s/changes')).toMatchObject({ body: { changed: true } });
  }
});

test('auth in front of a mocked action refuses, and hands on', async () => {
  const auth = bearerAuth({
    verify: (token) => token === 'good' && { name: 'ann' },
  });
  const ask = await start({ root: { s: { get: 'mock' } } }, { interceptors: [auth] }, withoutGrpc);
  expect(await ask('s/get')).toMatchObject({ status: 401 });
  expect(await ask('s/get', {}, { authorization: 'Bearer good' })).toMatchObject({ body: 'mock' });
});

test('args are checked before a mock is asked', async () => {
  const mocks = { root: { s: { checked: () => 'asked' } } };
  const ask = await start(mocks, {}, withoutGrpc);
  expect(await ask('s/checked')).toMatchObject({ status: 400, body: { code: 'INVALID_PARAMS' } });
  expect(await ask('s/checked', { id: 1 })).toMatchObject({ body: 'asked' });
});

test.each(['slow', 'sumSlow'])('a delay longer than the timeout of %s is a 504', async (name) => {
  const ask = await start({ root: { s: { [name]: delay(2 ** 31 - 1, 1) } } }, {}, withoutGrpc);
  expect(await ask(`s/${name}`)).toMatchObject({ status: 504, body: { code: 'ECONNABORTED' } });
});

test('a mocked call has its context and its stats, of its own kind', async () => {
  const { ctx, children } = createRecordingContext();
  const stats: any[] = [];
  const ask = await start(
    { root: { s: { get: fail(NONE) } } },
    {
      onBeforeAction: (req: any) => void (req.ctx = ctx),
      sendStats: (one) => void stats.push(one),
    },
    withoutGrpc,
  );
  const { body } = await ask('s/get', {}, { 'x-request-id': 'req-1' });
  expect(body).toMatchObject({ requestId: 'req-1' });
  expect(children()).toMatchObject([{ name: 'Gateway s get [rest]', ends: 1 }]);
  expect(stats).toMatchObject([{ service: 's', action: 'get', restStatus: 404, requestUrl: '' }]);
});

test('a server stream is its messages: read by mixed actions, refused over HTTP', async () => {
  const { read, watch } = actions;
  const more = { root: { s: { actions: { read, watch } } } };
  const mocks = { root: { s: { watch: [{ n: 1 }, { n: 2 }] } } };
  const ask = await start(mocks, {}, more);
  expect(await ask('s/read')).toMatchObject({ body: [{ n: 1 }, { n: 2 }] });
  expect(await ask('s/watch')).toMatchObject({
    status: 501,
    body: { code: 'STREAM_NOT_SUPPORTED' },
  });
  const wrong = await start({ root: { s: { watch: 7 } } }, {}, more);
  expect(await wrong('s/watch')).toMatchObject({ status: 500 });
});

test.each<[string, Mocked]>([
  ['mocks.other: there is no such scope', { other: {} }],
  ['mocks.root.other: there is no such service', { root: { other: {} } }],
  ['mocks.root.s.other: there is no such action', { root: { s: { other: 1 } } }],
  ['mocks.root.s.constructor: there is no such action', { root: { s: { constructor: 1 } } }],
  ['mocks.root must be an object', { root: 1 } as never],
  ['mocks.root.s must be an object', { root: { s: null } } as never],
  ['mocks.root.s.passed: a proxy has no mock', { root: { s: { passed: 1 } } }],
  [
    'mocks.root.s.write: a stream that the caller writes',
    { root: { s: { ...grpcMocks, write: 1 } } },
  ],
])('%s', async (text, mocks) => {
  await expect(start(mocks)).rejects.toThrow(`gatewayPlugin: ${text}`);
});

test.each([
  [{ ...NONE, status: 200 }, 'status'],
  [{ ...NONE, status: '404' }, 'status'],
  [{ ...NONE, code: '' }, 'code'],
  [{ ...NONE, message: undefined }, 'message'],
])('fail(%j) is refused', (error, member) => {
  expect(() => fail(error as never)).toThrow(`fail: ${member} must be`);
});

test.each([-1, NaN, 2 ** 31, '5'])('delay(%s) is refused', (delayMs) => {
  expect(() => delay(delayMs as never, 1)).toThrow('delay: expected milliseconds');
});
