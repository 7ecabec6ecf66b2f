import { startHeaderAction } from './call-by';

const client = { 'x-forwarded-for': '10.0.0.9', 'x-real-ip': '10.0.0.9' };
const copying = { proxyHeaders: (headers: any) => headers };
const naming = { proxyHeaders: ['X-Forwarded-For', 'x-real-ip'] };

test.each([
  ['left out', undefined],
  ['pass', 'pass'],
] as const)('H6: forwardedHeaders %s passes both on', async (_name, forwardedHeaders) => {
  const config = forwardedHeaders && { forwardedHeaders };
  const { by, sent } = await startHeaderAction(config && { config });
  await by('controller', client);
  expect(sent()).toMatchObject(client);
});

test.each([
  ['unasked', {}],
  ['named', naming],
  ['copied by a function', copying],
  ['copied by getAuthHeaders', { getAuthHeaders: ({ requestHeaders }: any) => requestHeaders }],
])('H6: drop keeps them from going upstream, %s', async (_name, action) => {
  const { by, sent } = await startHeaderAction({ config: { forwardedHeaders: 'drop' }, action });
  await by('controller', client);
  for (const name of Object.keys(client)) expect(sent()).not.toHaveProperty(name);
});

test('H6: drop leaves alone what a function makes itself', async () => {
  const proxyHeaders = () => ({ 'x-forwarded-for': '192.0.2.1' });
  const { by, sent } = await startHeaderAction({
    config: { forwardedHeaders: 'drop', proxyHeaders },
  });
  await by('controller', client);
  expect(sent()).toMatchObject({ 'x-forwarded-for': '192.0.2.1' });
});

test.each([
  ['to what came', client, {}, '10.0.0.9, 127.0.0.1'],
  ['to nothing', {}, {}, '127.0.0.1'],
  ['to what a function copied', client, copying, '10.0.0.9, 127.0.0.1'],
])('H6: append adds the address of the client %s', async (_name, headers, action, expected) => {
  const { by, sent } = await startHeaderAction({ config: { forwardedHeaders: 'append' }, action });
  await by('controller', headers);
  expect(String(sent()['x-forwarded-for']).replace('::ffff:', '')).toBe(expected);
});

test('H6: append has no address to add to a call through api', async () => {
  const { by, sent } = await startHeaderAction({ config: { forwardedHeaders: 'append' } });
  await by('api', client);
  expect(sent()).toMatchObject(client);
});
