import { startHeaderAction, ways } from './call-by';

test.each(ways)('by %s, a function gets headers, type and the names of its action', async (way) => {
  const seen: unknown[] = [];
  const look = (headers: any, type: string, extra: object) => {
    seen.push([headers['x-in'], type, extra]);
    return undefined;
  };
  const { by } = await startHeaderAction({
    config: { proxyHeaders: look },
    action: { proxyHeaders: look },
  });
  await by(way, { 'x-in': '1' });
  const told = ['1', 'rest', { service: 's', action: 'run' }];
  expect(seen).toEqual([told, told]);
});

test('each function gets its own copy of the request headers', async () => {
  const spoil = (headers: any) => {
    const { 'x-in': value } = headers;
    headers['x-in'] = 'spoilt';
    return { [`x-seen-${String(value)}`]: '1' };
  };
  const { by, sent } = await startHeaderAction({
    config: { proxyHeaders: spoil },
    action: { proxyHeaders: spoil },
  });
  const headers = Object.freeze({ 'x-in': 'clean' });
  await by('api', headers);
  expect(sent()).toHaveProperty('x-seen-clean');
  expect(sent()).not.toHaveProperty('x-seen-spoilt');
});

test('an async function is awaited, undefined as its result adds nothing', async () => {
  const { by, sent } = await startHeaderAction({
    config: { proxyHeaders: async () => Promise.resolve(undefined) },
    action: { proxyHeaders: async () => Promise.resolve({ 'x-late': '1' }) },
  });
  expect(await by('controller')).toMatchObject({ status: 200 });
  expect(sent()).toMatchObject({ 'x-late': '1' });
});

const named = ['X-Given', 'x-lower', 'X-ABSENT'];

test.each([
  ['config', { config: { proxyHeaders: named } }],
  ['action', { action: { proxyHeaders: named } }],
])('names in an array of the %s pass, whatever case either side uses', async (_name, setup) => {
  const { by, sent } = await startHeaderAction(setup);
  await by('controller', { 'x-given': '1', 'X-Lower': '2' });
  expect(sent()).toMatchObject({ 'x-given': '1', 'x-lower': '2' });
  expect(sent()).not.toHaveProperty('x-absent');
  await by('api', { 'X-GIVEN': '3', 'X-Lower': '4' });
  expect(sent()).toMatchObject({ 'x-given': '3', 'x-lower': '4' });
});

test('a name is looked up as given before it is lower-cased', async () => {
  const { by, sent } = await startHeaderAction({ action: { proxyHeaders: ['X-Given'] } });
  await by('api', { 'x-given': 'lower', 'X-Given': 'as given' });
  expect(sent()).toMatchObject({ 'x-given': 'as given' });
});

test('arrays of config and action add up', async () => {
  const { by, sent } = await startHeaderAction({
    config: { proxyHeaders: ['x-one'] },
    action: { proxyHeaders: ['x-two'] },
  });
  await by('controller', { 'x-one': '1', 'x-two': '2' });
  expect(sent()).toMatchObject({ 'x-one': '1', 'x-two': '2' });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a proxied name %s that no request has is not sent',
  async (name) => {
    const { by, sent } = await startHeaderAction({ action: { proxyHeaders: [name] } });
    expect(await by('controller')).toMatchObject({ status: 200 });
    expect(Object.keys(sent())).not.toContain(name.toLowerCase());
  },
);

test('a header named __proto__ changes no prototype and breaks no call', async () => {
  const { by, sent } = await startHeaderAction({ action: { proxyHeaders: (headers) => headers } });
  const headers = JSON.parse('{"__proto__": "polluted", "x-beside": "1"}') as object;
  expect(await by('api', headers)).toMatchObject({ status: 200 });
  expect(sent()).toMatchObject({ 'x-beside': '1' });
  expect(({} as any).polluted).toBeUndefined();
});

test.each(['set', 'get', 'has', 'delete', 'concat', 'normalize', 'common', 'post', 'length'])(
  'a copied header named %s is a header like any other',
  async (name) => {
    const { by, sent } = await startHeaderAction({
      action: { method: 'POST', proxyHeaders: (headers) => headers, params: () => ({ body: {} }) },
    });
    expect(await by('controller', { [name]: 'v' })).toMatchObject({ status: 200 });
    expect(sent()).toMatchObject({ [name]: 'v' });
  },
);
