import { startHeaderAction, ways } from './call-by';

const requestId = 'x-request-id';
const makers: Record<string, (headers: Record<string, string>) => object> = {
  metadata: (headers) => ({ metadata: headers }),
  axiosConfig: (headers) => ({ config: { axiosConfig: { headers } } }),
  'proxyHeaders of the config': (headers) => ({ config: { proxyHeaders: () => headers } }),
  'proxyHeaders of the action': (headers) => ({ action: { proxyHeaders: () => headers } }),
  getAuthHeaders: (headers) => ({ config: { getAuthHeaders: () => headers } }),
  params: (headers) => ({ action: { params: () => ({ headers }) } }),
};
const layers = Object.keys(makers);

/** Every layer up to `last`, each saying its own name in `header`. */
function setupUpTo(last: string, header: string) {
  const used = layers.slice(0, layers.indexOf(last) + 1);
  const parts = used.map((layer) => makers[layer]!({ [header]: layer })) as any[];
  const merge = (key: string) => Object.assign({}, ...parts.map((part) => part[key]));
  return { metadata: merge('metadata'), config: merge('config'), action: merge('action') };
}

const cases = ways.flatMap((way) => layers.map((layer) => [way, layer] as const));

test.each(cases)('by %s, %s wins over everything before it', async (way, layer) => {
  const { by, sent } = await startHeaderAction(setupUpTo(layer, 'X-Layer'));
  await by(way);
  expect(sent()['x-layer']).toBe(layer);
});

test.each([
  ['metadata', '0.1.0'],
  ['axiosConfig', 'axiosConfig'],
  ['proxyHeaders of the config', 'proxyHeaders of the config'],
])('a gateway default lies between metadata and the rest: after %s', async (layer, expected) => {
  const { by, sent } = await startHeaderAction(setupUpTo(layer, 'x-gateway-version'));
  await by('controller');
  expect(sent()['x-gateway-version']).toBe(expected);
});

test.each([
  ['metadata', 'the-id'],
  ['proxyHeaders of the config', 'the-id'],
  ['proxyHeaders of the action', 'the-id'],
  ['getAuthHeaders', 'getAuthHeaders'],
  ['params', 'params'],
])('x-request-id stands over everything before step 5: after %s', async (layer, expected) => {
  const { by, sent } = await startHeaderAction(setupUpTo(layer, requestId));
  await by('controller', { [requestId]: 'the-id' });
  expect(sent()[requestId]).toBe(expected);
});

test('names are passed only where nothing has set them', async () => {
  const { by, sent } = await startHeaderAction({
    metadata: { 'x-meta': 'ctx' },
    config: { proxyHeaders: () => ({ 'user-agent': 'made' }) },
    action: { proxyHeaders: ['x-meta', 'x-free', 'accept'] },
  });
  await by('controller', { 'x-meta': 'c', 'x-free': 'c', accept: 'c', 'user-agent': 'c' });
  expect(sent()).toMatchObject({
    'x-meta': 'ctx',
    'x-free': 'c',
    accept: 'application/json, */*',
    'user-agent': 'made',
  });
});

test.each(ways)(
  'by %s, what params returns replaces steps 2 to 6 but not metadata',
  async (way) => {
    const { by, sent } = await startHeaderAction({
      metadata: { traceparent: '00-1', 'x-own': 'ctx' },
      config: {
        proxyHeaders: () => ({ 'x-proxied': '1' }),
        getAuthHeaders: () => ({ 'x-auth': '1' }),
      },
      action: { idempotency: true, params: () => ({ headers: { 'X-Own': 'params' } }) },
    });
    await by(way, { origin: 'https://page.test', 'user-agent': 'browser' });
    const headers = sent();
    expect(headers).toMatchObject({ traceparent: '00-1', 'x-own': 'params' });
    expect(headers['x-request-timeout']).toMatch(/^\d+$/);
    const replaced = [
      'x-proxied',
      'x-auth',
      'origin',
      requestId,
      'idempotency-key',
      'accept-language',
    ];
    for (const name of [...replaced, 'x-gateway-version']) expect(headers).not.toHaveProperty(name);
    expect(headers['user-agent']).not.toBe('browser');
  },
);

test('params is given the merged set, and sends it when it returns it', async () => {
  let seen: Record<string, string> = {};
  const { by, sent } = await startHeaderAction({
    metadata: { 'x-meta': '1' },
    config: {
      proxyHeaders: () => ({ 'x-proxied': '1' }),
      getAuthHeaders: () => ({ 'x-auth': '1' }),
    },
    action: {
      params: (_args, headers: any) => {
        seen = { ...headers };
        return { headers: { ...headers, 'x-more': '1' } };
      },
    },
  });
  await by('controller', { origin: 'https://page.test' });
  expect(seen).toMatchObject({
    'x-meta': '1',
    'x-proxied': '1',
    'x-auth': '1',
    accept: 'application/json, */*',
    origin: 'https://page.test',
    [requestId]: expect.any(String),
  });
  expect(sent()).toMatchObject({ ...seen, 'x-more': '1' });
});

test('empty headers of params replace them too, left out ones do not', async () => {
  const empty = await startHeaderAction({ action: { params: () => ({ headers: {} }) } });
  await empty.by('controller');
  expect(empty.sent()).not.toHaveProperty('x-gateway-version');
  const absent = await startHeaderAction({ action: { params: () => ({ body: {} }) } });
  await absent.by('controller');
  expect(absent.sent()).toHaveProperty('x-gateway-version');
});

test('a failing getMetadata is logged and costs nothing but its headers', async () => {
  const { by, sent, context } = await startHeaderAction({
    metadata: () => {
      throw new Error('no metadata');
    },
  });
  expect(await by('api', { origin: 'https://page.test' })).toMatchObject({ status: 200 });
  expect(sent()).toMatchObject({ origin: 'https://page.test' });
  const logged = context.all.flatMap(({ errors }) => errors);
  expect(logged).toMatchObject([{ error: { message: 'no metadata' } }]);
});
