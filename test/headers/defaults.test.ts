import { VERSION } from '../../lib/version';
import { startHeaderAction, ways } from './call-by';

test.each(ways)('by %s, the gateway sends its defaults', async (way) => {
  const { by, sent, upstream } = await startHeaderAction();
  await by(way);
  expect(sent()).toMatchObject({
    host: `127.0.0.1:${upstream.port}`,
    accept: 'application/json, */*',
    'accept-encoding': 'gzip, deflate, br',
    'accept-language': 'en',
    'x-gateway-version': VERSION,
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-request-timeout': '25000',
  });
  expect(sent()).not.toHaveProperty('x-request-attempt');
  expect(sent()).not.toHaveProperty('idempotency-key');
});

test('without coding in the headers of params, only what can be undone is accepted', async () => {
  const { by, sent } = await startHeaderAction({ action: { params: () => ({ headers: {} }) } });
  await by('controller');
  expect(sent()['accept-encoding']).toBe('gzip, deflate, br');
});

const passed = {
  origin: 'https://page.test',
  'user-agent': 'browser/1',
  referer: 'https://page.test/p',
  'x-real-ip': '10.0.0.1',
  'x-forwarded-for': '10.0.0.1, 10.0.0.2',
};

test.each(ways)('by %s, five headers of the request pass unasked, no other does', async (way) => {
  const { by, sent } = await startHeaderAction();
  await by(way, { ...passed, cookie: 'a=1', authorization: 'Bearer t', 'x-other': '1' });
  expect(sent()).toMatchObject(passed);
  for (const name of ['cookie', 'authorization', 'x-other'])
    expect(sent()).not.toHaveProperty(name);
});

test('only the passed headers that came are sent', async () => {
  const { by, sent } = await startHeaderAction();
  await by('api', { referer: 'https://page.test/p', origin: undefined });
  for (const name of ['origin', 'x-real-ip', 'x-forwarded-for']) {
    expect(sent()).not.toHaveProperty(name);
  }
});

test.each([
  [{ action: { timeout: 1500 } }, '1500'],
  [{ config: { timeout: 2500 } }, '2500'],
  [{ config: { axiosConfig: { timeout: 3500 } } }, '3500'],
])('x-request-timeout says the milliseconds of the call: %j', async (setup, expected) => {
  const { by, sent } = await startHeaderAction(setup);
  await by('controller');
  expect(sent()['x-request-timeout']).toBe(expected);
});

test.each([
  ['over proxyHeaders', { config: { proxyHeaders: () => ({ 'x-request-timeout': '1' }) } }],
  ['over params', { action: { params: () => ({ headers: { 'X-Request-Timeout': '1' } }) } }],
])('x-request-timeout is set last, %s', async (_name, setup) => {
  const { by, sent } = await startHeaderAction(setup);
  await by('controller');
  expect(sent()['x-request-timeout']).toBe('25000');
});

test.each([
  ['req.id', { onBeforeAction: (req: any) => void (req.id = 'from-req') }, {}, 'from-req'],
  ['the header', {}, { 'x-request-id': 'from-header' }, 'from-header'],
])('x-request-id of the controller is that of %s', async (_name, config, headers, expected) => {
  const { by, sent } = await startHeaderAction({ config });
  await by('controller', headers);
  expect(sent()['x-request-id']).toBe(expected);
});
