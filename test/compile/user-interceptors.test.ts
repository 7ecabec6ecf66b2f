import { getGatewayControllers, mixed } from '../../lib';
import type { ApiServiceRestActionConfig, Call, Interceptor } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { failureOf } from '../servers/start-rest-action';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';
import { startShop } from '../transports/grpc/start-shop';

watchProcess();

const get: ApiServiceRestActionConfig = { method: 'GET', path: '/it' };

/** Notes when a call comes in and when its result goes out. */
function noting(name: string, notes: string[]): Interceptor {
  return (next) => async (call) => {
    notes.push(`${name} in`);
    const result = await next(call);
    notes.push(`${name} out`);
    return result;
  };
}

test('they run outside in: of config, service and action, each once for all attempts', async () => {
  const notes: string[] = [];
  const upstream = await startUpstream((_request, response) => {
    notes.push('sent');
    sendJson(response, 1, upstream.requests.length < 2 ? 503 : 200);
  });
  const s = {
    endpoints: upstream.url,
    interceptors: [noting('service', notes)],
    actions: { run: { ...get, retries: 1, interceptors: [noting('action', notes)] } },
  };
  const config = { interceptors: [noting('first', notes), noting('second', notes)] };
  const { post } = await startGateway({ root: { s } }, config);
  expect(await post('s/run')).toMatchObject({ status: 200, json: 1 });
  expect(notes).toEqual([
    ...['first in', 'second in', 'service in', 'action in', 'sent', 'sent'],
    ...['action out', 'service out', 'second out', 'first out'],
  ]);
});

test('they see what is called, by whom and with what, before the args are checked', async () => {
  const { ctx } = createRecordingContext();
  const calls: Call[] = [];
  const seeing: Interceptor = (next) => (call) => {
    calls.push(call);
    return next(call);
  };
  const validationSchema = { type: 'object', required: ['id'] };
  const echo = mixed((_api, args) => args, { metadata: { cost: 2 }, validationSchema });
  const s = { serviceName: 'Shown', actions: { echo, outer: (api: any) => api.s.echo({ id: 1 }) } };
  const gateway = await startGateway({ root: { s } }, { interceptors: [seeing] });

  expect(await gateway.post('s/echo', {}, { 'x-own': 'h' })).toMatchObject({ status: 400 });
  expect(calls[0]).toMatchObject({
    origin: 'http',
    args: {},
    headers: { 'x-own': 'h' },
    client: { address: '127.0.0.1' },
    action: {
      ...{ scope: 'root', service: 's', serviceName: 'Shown', name: 'echo', kind: 'mixed' },
      metadata: { cost: 2 },
    },
  });
  await gateway.api.s.outer({ ctx: ctx as never });
  const seen = calls.slice(1).map(({ origin, action }) => [origin, action.name]);
  expect(seen).toEqual([
    ['api', 'outer'],
    ['inner', 'echo'],
  ]);
});

test('one may change the call, change the result, or answer in its place', async () => {
  const upstream = await startUpstream(({ url }, response) => sendJson(response, { url }));
  const changing: Interceptor = (next) => async (call) => {
    const { id } = call.args as { id: string };
    if (id === 'cached') return { responseData: { from: 'cache' } };
    const { responseData, ...rest } = await next({ ...call, args: { id: `${id}-changed` } });
    return { ...rest, responseData: { ...(responseData as object), seen: true } };
  };
  const run = { method: 'GET', path: ({ id }: any) => `/${id}`, interceptors: [changing] } as const;
  const gateway = await startGateway({
    root: { s: { endpoints: upstream.url, actions: { run } } },
  });
  expect((await gateway.post('s/run', { id: 'a' })).json).toEqual({
    url: '/a-changed',
    seen: true,
  });
  expect((await gateway.post('s/run', { id: 'cached' })).json).toEqual({ from: 'cache' });
  const { responseData } = await gateway.api.s.run({ args: { id: 'b' } });
  expect(responseData).toEqual({ url: '/b-changed', seen: true });
  expect(upstream.requests).toHaveLength(2);
});

test.each<[string, unknown, object]>([
  [
    'an error with a status',
    { status: 403, code: 'NO', message: 'No' },
    { status: 403, code: 'NO' },
  ],
  ['an error', new Error('secret'), { status: 500, code: 'GATEWAY_REQUEST_ERROR' }],
  ['nothing', undefined, { status: 500 }],
])('what one throws is the coded failure of the call: %s', async (_what, thrown, expected) => {
  const upstream = await startUpstream();
  const refusing: Interceptor = () => () => {
    throw thrown as Error;
  };
  const s = { endpoints: upstream.url, actions: { run: get } };
  const { post, api } = await startGateway({ root: { s } }, { interceptors: [refusing] });
  const { status, json, text } = await post('s/run');
  expect({ ...json, status }).toMatchObject({ message: expect.any(String), ...expected });
  expect(text).not.toContain('secret');
  expect(json.requestId).toEqual(expect.any(String));
  expect((await failureOf(api.s.run())).error).toMatchObject(expected);
  expect(upstream.requests).toHaveLength(0);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'done'],
  ['an object without responseData', {}],
])('one that gives %s in place of a result fails the call', async (_what, given) => {
  const forgetful: Interceptor = (next) => async (call) => {
    await next(call);
    return given as never;
  };
  const s = { actions: { run: () => 1 }, interceptors: [forgetful] };
  const { post } = await startGateway({ root: { s } });
  const message = 'An interceptor failed';
  expect(await post('s/run')).toMatchObject({ status: 500, json: { message } });
});

test('state goes to params, getAuthHeaders and the inner calls of a mixed action', async () => {
  const upstream = await startUpstream(({ headers, url }, response) => {
    sendJson(response, { url, auth: headers['x-auth'], named: headers['x-named'] });
  });
  const naming: Interceptor = (next) => (call) => {
    if (call.origin === 'inner') return next(call);
    call.state['user'] = 'ann';
    return next({ ...call, upstreamHeaders: { 'x-named': 'by interceptor' } });
  };
  const run: ApiServiceRestActionConfig = {
    ...get,
    params: (_args, _headers, { state }) => ({ query: { user: state['user'] } }),
    getAuthHeaders: ({ state }) => ({ 'x-auth': String(state['user']) }),
  };
  const s = { endpoints: upstream.url, actions: { run, outer: (api: any) => api.s.run() } };
  const { post } = await startGateway({ root: { s } }, { interceptors: [naming] });
  const expected = { url: '/it?user=ann', auth: 'ann', named: 'by interceptor' };
  const forged = { 'x-named': 'forged' };
  expect((await post('s/run', {}, forged)).json).toEqual(expected);
  expect((await post('s/outer', {}, forged)).json).toEqual(expected);
});

test('the same for gRPC, unary and streams', async () => {
  const seen: string[] = [];
  const Get = ({ metadata, request }: any, callback: any) =>
    callback(null, { itemId: request.itemId, note: String(metadata.get('x-named')) });
  const Watch = (call: any) => {
    call.write({ itemId: 'w' });
    call.end();
  };
  const interceptor: Interceptor = (next) => async (call) => {
    const result = await next({ ...call, upstreamHeaders: { 'x-named': 'n' } });
    seen.push(`${call.action.kind} ${call.action.name} ${typeof result.responseData}`);
    return result;
  };
  const config = { interceptors: [interceptor] };
  const { items, post } = await startShop({ Get, Watch }, { config });
  expect((await post('items/get', { itemId: '1' })).json).toMatchObject({ itemId: '1', note: 'n' });
  const { stream } = await items['watch']!({ args: {} });
  for await (const item of stream) expect(item).toMatchObject({ itemId: 'w' });
  expect(seen).toEqual(['grpc get object', 'grpc watch object']);
});

test('data is parsed for one that may read it, and passes as bytes by one that says it does not', async () => {
  const text = '{"big": 12345678901234567890}';
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end(text);
  });
  const kinds: string[] = [];
  const looking: Interceptor = (next) => async (call) => {
    const result = await next(call);
    kinds.push((result.responseData as object).constructor.name);
    return result;
  };
  const blind = Object.assign(looking.bind(null), { readsData: false });
  const actions = {
    read: { ...get, interceptors: [looking] },
    passed: { ...get, interceptors: [blind] },
  };
  const { post } = await startGateway({ root: { s: { endpoints: upstream.url, actions } } });
  expect((await post('s/passed')).text).toBe(text);
  expect((await post('s/read')).text).not.toBe(text);
  expect(kinds).toEqual(['JsonBytes', 'Object']);
});

test('the address of a call is believed of a proxy only where Express trusts it', async () => {
  const addresses: unknown[] = [];
  const seeing: Interceptor = (next) => (call) => {
    addresses.push(call.client?.address);
    return next(call);
  };
  const s = { actions: { run: () => 1 }, interceptors: [seeing] };
  const { post, app } = await startGateway({ root: { s } });
  await post('s/run', {}, { 'x-forwarded-for': '203.0.113.9' });
  app.set('trust proxy', 'loopback');
  await post('s/run', {}, { 'x-forwarded-for': '203.0.113.9' });
  expect(addresses).toEqual(['127.0.0.1', '203.0.113.9']);
});

test.each<[string, object, RegExp]>([
  ['the config', { config: { interceptors: noting } }, /config\.interceptors is function/],
  ['a service', { service: { interceptors: ['x'] } }, /Service root\.s: interceptors is an array/],
  ['an action', { action: { interceptors: {} } }, /Action root\.s\.run: interceptors is object/],
  ['a result', { config: { interceptors: [() => undefined] } }, /Action root\.s\.run.*function/],
])('what is no interceptor fails the build: of %s', (_place, parts: any, message) => {
  const run = { ...get, ...parts.action };
  const s = { endpoints: 'http://127.0.0.1:1', ...parts.service, actions: { run } };
  expect(() => getGatewayControllers({ root: { s } }, parts.config)).toThrow(message);
});
