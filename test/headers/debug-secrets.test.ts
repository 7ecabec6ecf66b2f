import type { ApiServiceRestActionConfig as RestDefinition, GatewayConfig } from '../../lib';
import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';

const secret = 's3cret';

async function readAll(
  action: Partial<RestDefinition>,
  config: GatewayConfig<any, any, any> = {},
  toUrl = (url: string) => url,
) {
  const upstream = await startUpstream();
  const headers = { authorization: secret, cookie: `sid=${secret}`, 'x-api-key': secret };
  const { call, post } = await startRestAction(toUrl(upstream.url), action, {
    withDebugHeaders: true,
    ...config,
  });
  const { debugHeaders } = await call({ headers });
  const { headers: answered } = await post({}, headers);
  expect(upstream.requests).toHaveLength(2);
  expect(debugHeaders).toMatchObject({ 'x-api-request-action': 'run' });
  return { debugHeaders, text: JSON.stringify([debugHeaders, answered]) };
}

const names = ['authorization', 'cookie', 'x-api-key', 'proxy-authorization', 'x-own-auth'];
const post = (body: unknown) => ({ method: 'POST', params: () => ({ body }) }) as const;

const cases: [string, [Partial<RestDefinition>, GatewayConfig<any, any, any>?]][] = [
  ['an object body', [post({ user: 'a', password: secret })]],
  ['a deep body', [post({ list: [{ deep: { accessToken: secret, client_secret: secret } }] })]],
  ['a text body of JSON', [post(`{"user": "a", "api_key": "${secret}"}`)]],
  ['a form body', [post(`user=a&password=${secret}&refresh_token=${secret}`)]],
  ['a query', [{ path: `/a?user=a&access_token=${secret}&x-amz-signature=${secret}` }]],
  ['headers by name', [{ proxyHeaders: names }, { proxyDebugHeaders: names }]],
  [
    'headers of auth hooks by name',
    [{ getAuthHeaders: () => ({ 'X-Own-Auth': secret }) }, { proxyDebugHeaders: names }],
  ],
  [
    'a function that copies all',
    [
      { proxyHeaders: (headers) => headers, getAuthHeaders: () => ({ 'x-own-auth': secret }) },
      { proxyDebugHeaders: (headers) => headers },
    ],
  ],
];

test.each(cases)('H5: no credential is shown of %s', async (_name, setup) => {
  expect((await readAll(...setup)).text).not.toContain(secret);
});

test('H5: no userinfo is shown of the endpoint, nor of the URL', async () => {
  const { text } = await readAll({}, {}, (url) => url.replace('//', `//user:${secret}@${secret}@`));
  expect(text).not.toContain(secret);
  expect(text).not.toContain('user:');
});

test('what is no credential stays to be seen', async () => {
  const action = { ...post({ user: 'a', password: secret }), path: '/a?page=2&token=x' };
  const { debugHeaders } = await readAll(action);
  const { 'x-api-request-body': body, 'x-api-request-url': url } = debugHeaders;
  expect(JSON.parse(decodeURIComponent(body))).toEqual({ user: 'a', password: '[REDACTED]' });
  expect(url).toMatch(/\/a\?page=2&token=\[REDACTED\]$/);
});
