import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';
import { startHeaderAction, ways } from './call-by';

const badValues = {
  'CR and LF': 'a\r\nx-injected: 1',
  LF: 'a\nb',
  NUL: 'a\0b',
  'an escape': 'a\x1bb',
  DEL: 'a\x7fb',
  'text beyond latin1': 'привет',
  'a lone surrogate': 'a\ud800',
};
const badNames = ['x bad', 'x:bad', 'x\r\nbad', '', 'имя'];

const trusted: Record<string, (headers: object) => object> = {
  params: (headers) => ({ action: { params: () => ({ headers }) } }),
  'getAuthHeaders of the action': (headers) => ({ action: { getAuthHeaders: () => headers } }),
  'getAuthHeaders of the config': (headers) => ({ config: { getAuthHeaders: () => headers } }),
  proxyHeaders: (headers) => ({ config: { proxyHeaders: () => headers } }),
  'axiosConfig.headers': (headers) => ({ config: { axiosConfig: { headers } } }),
};

const illegal = [
  ...Object.entries(badValues).map(([name, value]) => [name, { 'x-bad': value }] as const),
  ...badNames.map((name) => [`the name ${JSON.stringify(name)}`, { [name]: 'v' }] as const),
  ['one of several values', { 'x-bad': ['fine', 'a\r\nb'] }] as const,
];
const sources = Object.keys(trusted);
const hooks = sources.filter((source) => source !== 'axiosConfig.headers');

test.each(sources.flatMap((source) => illegal.map((one) => [source, ...one] as const)))(
  'H1: from %s, %s ends the call with 500 INVALID_HEADER, nothing sent',
  async (source, _name, headers) => {
    const { by, upstream } = await startHeaderAction(trusted[source]!(headers));
    for (const way of ways) {
      expect(await by(way)).toEqual({ status: 500, code: 'INVALID_HEADER' });
    }
    expect(upstream.requests).toHaveLength(0);
  },
);

test.each(hooks)('H1: from %s, a value that is no scalar fails the call too', async (source) => {
  const { by, upstream } = await startHeaderAction(trusted[source]!({ 'x-bad': { deep: 1 } }));
  expect(await by('api')).toEqual({ status: 500, code: 'INVALID_HEADER' });
  expect(upstream.requests).toHaveLength(0);
});

test('H1: an argument that params puts in a header is no exception', async () => {
  const { by, upstream } = await startHeaderAction({
    action: { params: ({ name }: any) => ({ headers: { 'x-name': name } }) },
  });
  const answer = await by('controller', {}, { name: 'a\r\nx-injected: 1' });
  expect(answer).toEqual({ status: 500, code: 'INVALID_HEADER' });
  expect(upstream.requests).toHaveLength(0);
});

test('H1: the failure names the header, never its value', async () => {
  const { by, upstream, context } = await startHeaderAction({
    config: { getAuthHeaders: () => ({ authorization: 'Bearer s3cret\n' }) },
  });
  await by('api');
  const told = context.all.flatMap(({ errors }) => errors).map(({ error }) => String(error));
  expect(told.join()).toContain('authorization');
  expect(told.join()).not.toContain('s3cret');
  expect(upstream.requests).toHaveLength(0);
});

const copiers: [string, object][] = [
  ['proxyHeaders as a function', { action: { proxyHeaders: (headers: object) => headers } }],
  ['proxyHeaders as names', { action: { proxyHeaders: ['x-bad', 'x-fine'] } }],
];

test.each(
  copiers.flatMap(([copier, setup]) => {
    return Object.entries(badValues).map(([name, value]) => [copier, name, value, setup] as const);
  }),
)('H1: copied by %s from the request, %s is dropped', async (_copier, _name, value, setup) => {
  const { by, sent } = await startHeaderAction(setup);
  expect(await by('api', { 'x-bad': value, 'x-fine': '1' })).toMatchObject({ status: 200 });
  expect(sent()).toMatchObject({ 'x-fine': '1' });
  expect(sent()).not.toHaveProperty('x-bad');
  expect(sent()).not.toHaveProperty('x-injected');
});

test.each([...badNames, ':path'])('H1: the copied name %j is dropped', async (name) => {
  const { by, sent } = await startHeaderAction({ action: { proxyHeaders: (headers) => headers } });
  expect(await by('api', { [name]: 'v', 'x-fine': '1' })).toMatchObject({ status: 200 });
  expect(sent()).toMatchObject({ 'x-fine': '1' });
});

test('H1: what the gateway passes by itself is dropped or replaced', async () => {
  const { by, sent } = await startHeaderAction({ action: { idempotency: true } });
  const names = ['origin', 'referer', 'x-real-ip', 'x-forwarded-for'];
  const replaced = ['accept-language', 'idempotency-key'];
  const headers = Object.fromEntries([...names, ...replaced].map((name) => [name, 'a\r\nb: c']));
  expect(await by('api', headers)).toMatchObject({ status: 200 });
  for (const name of names) expect(sent()).not.toHaveProperty(name);
  expect(sent()).toMatchObject({ 'accept-language': 'en' });
  expect(sent()['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
});

test('H1: illegal metadata of the ctx is dropped', async () => {
  const metadata = { 'x-bad': 'a\r\nb: c', 'x bad': '1', traceparent: '00-1' };
  const { by, sent } = await startHeaderAction({ metadata });
  expect(await by('api')).toMatchObject({ status: 200 });
  expect(sent()).toMatchObject({ traceparent: '00-1' });
  expect(sent()).not.toHaveProperty('x-bad');
});

test('H1: the latin1 text of a request arrives as it came', async () => {
  const upstream = await startUpstream();
  const { get } = await startRestAction(upstream.url, { proxyHeaders: ['x-name'] });
  expect(await get('s/run', { 'x-name': 'caf\u00e9\tbar' })).toMatchObject({ status: 200 });
  expect(upstream.last.headers['x-name']).toBe('caf\u00e9\tbar');
});
