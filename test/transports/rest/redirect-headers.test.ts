import { startUpstream } from '../../servers/start-upstream';
import type { Upstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

/** Sends `/run` on to `location`, answers everything else. */
function redirectTo(location: string, status = 302) {
  return startUpstream((request, response) => {
    if (request.url !== '/run') return response.end('arrived');
    response.writeHead(status, { location }).end();
  });
}

const secrets = [
  'authorization',
  'cookie',
  'x-api-key',
  'x-auth',
  'x-endpoint',
  'x-config',
  'x-proxied',
  'x-params',
  'x-forwarded-for',
  'origin',
  'referer',
  'host',
];

async function startSecretive(url: string, params: boolean) {
  return startRestAction(
    { path: url, axiosConfig: { headers: { 'X-Endpoint': 's' } } },
    {
      getAuthHeaders: () => ({ authorization: 's', 'x-auth': 's', 'x-api-key': 's' }),
      proxyHeaders: ['cookie', 'x-proxied'],
      ...(params && {
        params: (_args: unknown, headers: object) => ({
          headers: { ...headers, 'X-Params': 's', host: 'virtual.invalid' },
        }),
      }),
    },
    { axiosConfig: { headers: { 'X-Config': 's' } } },
  );
}

const fromBrowser = {
  cookie: 's',
  'x-proxied': 's',
  origin: 's',
  referer: 's',
  'x-forwarded-for': 's',
};

const namesOf = ({ last }: Upstream) => Object.keys(last.headers);

test.each([301, 303, 307])(
  'U5 a %d to another origin drops every configured, forwarded and auth header',
  async (status) => {
    const other = await startUpstream();
    const upstream = await redirectTo(`${other.url}/stolen`, status);
    const { post } = await startSecretive(upstream.url, true);
    expect((await post({}, fromBrowser)).status).toBe(200);
    expect(namesOf(upstream)).toEqual(expect.arrayContaining(secrets));
    expect(other.last.headers.host).toBe(`127.0.0.1:${other.port}`);
    for (const name of secrets) if (name !== 'host') expect(namesOf(other)).not.toContain(name);
    expect(JSON.stringify(other.last.headers)).not.toContain('"s"');
  },
);

test('U5 a configured Host does not make another origin the same one', async () => {
  const upstream = await redirectTo('/next');
  const other = await startUpstream();
  const { post } = await startRestAction(upstream.url, {
    params: () => ({ headers: { host: `127.0.0.1:${other.port}`, authorization: 's' } }),
  });
  await post();
  expect(upstream.requests[0]?.headers.authorization).toBe('s');
  for (const { headers } of other.requests) expect(headers.authorization).toBeUndefined();
});

test('U5 headers dropped on the way out do not come back', async () => {
  const upstream: Upstream = await startUpstream(({ url }, response) => {
    if (url === '/home') return response.end('home');
    response.writeHead(302, { location: `${other.url}/away` }).end();
  });
  const other: Upstream = await startUpstream((_request, response) =>
    response.writeHead(302, { location: `${upstream.url}/home` }).end(),
  );
  const { post } = await startSecretive(upstream.url, false);
  expect(await post()).toMatchObject({ status: 200, text: '"home"' });
  expect(upstream.requests[0]?.headers).toHaveProperty('x-auth');
  expect(upstream.last.headers).not.toHaveProperty('x-auth');
});

test('U5 userinfo of the endpoint does not follow to another origin', async () => {
  const other = await startUpstream();
  const upstream = await redirectTo(`${other.url}/x`);
  const { post } = await startRestAction(upstream.url.replace('//', '//user:pass@'));
  await post();
  expect(upstream.last.headers.authorization).toMatch(/^Basic /);
  expect(other.last.headers.authorization).toBeUndefined();
});

test('on the same origin headers go along', async () => {
  const upstream = await redirectTo('/next');
  const { post } = await startSecretive(upstream.url, false);
  await post({}, fromBrowser);
  expect(upstream.last).toMatchObject({
    url: '/next',
    headers: { 'x-auth': 's', 'x-config': 's', 'x-proxied': 's' },
  });
});
