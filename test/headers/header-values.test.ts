import { startHeaderAction } from './call-by';

const given = {
  'X-Number': 5,
  'x-zero': 0,
  'x-true': true,
  'x-false': false,
  'x-bigint': 9007199254740993n,
  'x-empty': '',
  'x-undefined': undefined,
  'x-null': null,
  'x-list': ['a', 1, false, null, undefined],
  'x-empty-list': [],
};
const expected = {
  'x-number': '5',
  'x-zero': '0',
  'x-true': 'true',
  'x-false': 'false',
  'x-bigint': '9007199254740993',
  'x-empty': '',
  'x-list': 'a, 1, false',
};

test.each([
  ['metadata', { metadata: given }],
  ['proxyHeaders', { config: { proxyHeaders: () => given } }],
  ['getAuthHeaders', { config: { getAuthHeaders: () => given } }],
  ['params', { action: { params: () => ({ headers: given }) } }],
])('H3: scalars of %s become text, undefined and null are left out', async (_name, setup) => {
  const { by, sent } = await startHeaderAction(setup);
  expect(await by('api')).toMatchObject({ status: 200 });
  expect(sent()).toMatchObject(expected);
  for (const name of ['x-undefined', 'x-null', 'x-empty-list']) {
    expect(sent()).not.toHaveProperty(name);
  }
});

test('H3: an array adds several values', async () => {
  const { by, upstream } = await startHeaderAction({
    action: { params: () => ({ headers: { 'x-list': ['a', 'b, c', 3] } }) },
  });
  await by('controller');
  const { rawHeaders } = upstream.last;
  const values = rawHeaders.filter((_text, at) => rawHeaders[at - 1]?.toLowerCase() === 'x-list');
  expect(values).toEqual(['a', 'b, c', '3']);
});

test('undefined does not take away what an earlier step has set', async () => {
  const { by, sent } = await startHeaderAction({
    config: { proxyHeaders: () => ({ 'x-kept': 'config' }) },
    action: { proxyHeaders: () => ({ 'X-Kept': undefined }) },
  });
  await by('controller');
  expect(sent()).toMatchObject({ 'x-kept': 'config' });
});

test('names are one header whatever their case', async () => {
  const { by, upstream } = await startHeaderAction({
    config: {
      proxyHeaders: () => ({ ACCEPT: 'text/csv' }),
      getAuthHeaders: () => ({ Accept: 'text/plain' }),
    },
  });
  await by('controller');
  const names = upstream.last.rawHeaders.filter((text) => text.toLowerCase() === 'accept');
  expect(names).toHaveLength(1);
  expect(upstream.last.headers.accept).toBe('text/plain');
});

test.each([
  ['plain', { 'X-Configured': '1' }],
  ['common', { common: { 'X-Configured': '1' } }],
  ['of the method', { get: { 'X-Configured': '1' }, post: { 'X-Configured': '2' } }],
])('axiosConfig.headers that are %s are sent', async (_name, headers) => {
  const { by, sent } = await startHeaderAction({ config: { axiosConfig: { headers } as object } });
  await by('controller');
  expect(sent()).toMatchObject({ 'x-configured': '1' });
});
