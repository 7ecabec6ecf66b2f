import { createRecordingContext } from '../../fakes/recording-context';
import { recordingMethod, startGrpcAction } from '../../servers/start-grpc-action';

type Parts = { metadata?: object; config?: object; action?: object };
type Maker = (headers: Record<string, string>) => Parts;

const makers: Record<string, Maker> = {
  'the ctx': (headers) => ({ metadata: headers }),
  'proxyHeaders of the config': (headers) => ({ config: { proxyHeaders: () => headers } }),
  'proxyHeaders of the action': (headers) => ({ action: { proxyHeaders: () => headers } }),
  getAuthHeaders: (headers) => ({ config: { getAuthHeaders: () => headers } }),
  params: (headers) => ({ action: { params: () => ({ headers }) } }),
};
const layers = Object.keys(makers);

/** Every layer up to `last`, each saying its own name in `header`. */
function partsUpTo(last: string, header: string): Parts {
  const made = layers
    .slice(0, layers.indexOf(last) + 1)
    .map((layer) => makers[layer]?.({ [header]: layer }) ?? {});
  const merge = (key: keyof Parts) => Object.assign({}, ...made.map((parts) => parts[key]));
  return { metadata: merge('metadata'), config: merge('config'), action: merge('action') };
}

async function start({ metadata = {}, config = {}, action = {} }: Parts) {
  const get = recordingMethod();
  const gateway = await startGrpcAction({ Get: get.method }, action, config);
  const { ctx } = createRecordingContext({ getMetadata: () => metadata as never });
  return {
    ...gateway,
    call: (headers: object = {}) => gateway.call({ ctx, headers, requestId: 'the-id' }),
    sent: (name: string) => get.last.metadata.get(name),
    get,
  };
}

test.each(layers)('metadata from %s wins over everything before it', async (layer) => {
  const { call, sent } = await start(partsUpTo(layer, 'X-Layer'));
  await call();
  expect(sent('x-layer')).toEqual([layer]);
});

test.each([
  ['the ctx', 'the-id'],
  ['proxyHeaders of the config', 'proxyHeaders of the config'],
  ['proxyHeaders of the action', 'proxyHeaders of the action'],
  ['getAuthHeaders', 'getAuthHeaders'],
  ['params', 'params'],
])('x-request-id is a default, over the ctx alone: after %s', async (layer, expected) => {
  const { call, sent } = await start(partsUpTo(layer, 'x-request-id'));
  await call();
  expect(sent('x-request-id')).toEqual([expected]);
});

test.each([
  ['en', {}],
  ['de, fr;q=0.3', { 'accept-language': 'de, fr;q=0.3' }],
  ['ru', { 'Accept-Language': 'ru' }],
])('accept-language is %s where the request says %j', async (expected, headers) => {
  const { call, sent } = await start({ metadata: { 'accept-language': 'ctx' } });
  await call(headers);
  expect(sent('accept-language')).toEqual([expected]);
});

test('a proxyHeaders function is told the type and the action with its proto', async () => {
  const proxyHeaders = jest.fn(() => ({}));
  const { call } = await start({ config: { proxyHeaders } });
  await call({ 'x-a': 'b' });
  expect(proxyHeaders).toHaveBeenCalledWith({ 'x-a': 'b' }, 'grpc', {
    service: 'items',
    action: 'run',
    protopath: 'shop.proto',
    protokey: 'shop.Items',
  });
});

test('names are passed on only where nothing has set them', async () => {
  const { call, sent } = await start({
    metadata: { 'x-meta': 'ctx' },
    config: { proxyHeaders: ['x-meta', 'X-Free'] },
    action: { proxyHeaders: ['x-own'] },
  });
  await call({ 'x-meta': 'client', 'x-free': 'client', 'x-own': 'client', 'x-not-named': 'no' });
  const names = ['x-meta', 'x-free', 'x-own', 'x-not-named'];
  expect(names.map(sent)).toEqual([['ctx'], ['client'], ['client'], []]);
});

test.each(['origin', 'referer', 'x-real-ip', 'x-forwarded-for'])(
  '%s is passed on without being named',
  async (name) => {
    const { call, sent } = await start({});
    await call({ [name]: 'client' });
    expect(sent(name)).toEqual(['client']);
  },
);

test('params is given the headers of the request, and its own are merged over', async () => {
  const params = jest.fn(() => ({ headers: { 'x-own': 'params' }, body: { itemId: 'a' } }));
  const { call, sent, get } = await start({
    config: { getAuthHeaders: () => ({ authorization: 'Bearer x' }) },
    action: { params },
  });
  await call({ 'x-client': 'c' });
  expect(params).toHaveBeenCalledWith({}, { 'x-client': 'c' }, expect.anything());
  expect(['authorization', 'x-own', 'x-request-id'].map(sent)).toEqual([
    ['Bearer x'],
    ['params'],
    ['the-id'],
  ]);
  expect(get.last.request).toEqual({ itemId: 'a' });
});

test('auth hooks are told the type and what the caller is', async () => {
  const getAuthHeaders = jest.fn(() => ({ authorization: 'Bearer x' }));
  const { call } = await start({ config: { getAuthHeaders } });
  await call({ 'x-client': 'c' });
  expect(getAuthHeaders).toHaveBeenCalledWith({
    actionType: 'grpc',
    serviceName: 'items',
    requestHeaders: { 'x-client': 'c' },
    authArgs: undefined,
    state: {},
  });
});

test('with idempotency a key goes along: the one of the caller, else a fresh one', async () => {
  const { call, sent } = await start({ action: { idempotency: true } });
  await call({ 'Idempotency-Key': 'mine' });
  expect(sent('idempotency-key')).toEqual(['mine']);
  await call();
  expect(sent('idempotency-key')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});

test.each([
  ['the args without params', undefined, { itemId: 'a' }, 'a'],
  ['{} for a body that is left out', () => ({}), { itemId: 'a' }, ''],
  ['{} for a body that is null', () => ({ body: null }), { itemId: 'a' }, ''],
  ['{} where params returns nothing', () => undefined, { itemId: 'a' }, ''],
  ['{} without args', undefined, undefined, ''],
])('the message is %s', async (_name, params, args, itemId) => {
  const get = recordingMethod();
  const action = params && { params: params as never };
  const { call } = await startGrpcAction({ Get: get.method }, action);
  await call(args && { args });
  expect(get.last.request).toEqual({ itemId });
});
