import { bearerAuth } from '../../lib';
import { startGateway } from '../servers/start-gateway';
import { startProxy } from '../servers/start-proxy';
import { startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

/** Servers of CGI's kind read all of these as the same header. */
const SPELLINGS = ['x_user_id', 'x_user-id', 'X-User_Id', 'X-USER_ID'];
const guard = bearerAuth<{ id: string }>({
  verify: (token) => ({ id: token }),
  optional: true,
  headers: { 'x-user-id': ({ id }) => id },
});
const withToken = { authorization: 'Bearer ann' };

/** What an application behind CGI would find. */
function asCgi(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_value, at) => {
    return at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase().replaceAll('_', '-') === name;
  });
}

describe.each(SPELLINGS)('%s', (spelling) => {
  test.each([
    ['a function', (headers: any) => headers],
    ['a list', [spelling]],
  ])('is no way around bearerAuth where %s passes it on', async (_name, proxyHeaders) => {
    const upstream = await startUpstream();
    const get = { method: 'GET', path: '/', proxyHeaders } as const;
    const service = { endpoints: upstream.url, actions: { get }, interceptors: [guard] };
    const { post } = await startGateway({ root: { s: service } });
    await post('s/get', {}, { [spelling]: 'forged' });
    await post('s/get', {}, { [spelling]: 'forged', ...withToken });
    const seen = upstream.requests.map(({ rawHeaders }) => asCgi(rawHeaders, 'x-user-id'));
    expect(seen).toEqual([[], ['ann']]);
  });

  test('is no way around bearerAuth of a proxy', async () => {
    const upstream = await startUpstream();
    const { send } = await startProxy(upstream.url, { service: { interceptors: [guard] } });
    await send('GET', '/files/a', { [spelling]: 'forged' });
    await send('GET', '/files/a', { [spelling]: 'forged', ...withToken });
    const seen = upstream.requests.map(({ rawHeaders }) => asCgi(rawHeaders, 'x-user-id'));
    expect(seen).toEqual([[], ['ann']]);
  });
});

test.each(['x_real_ip', 'X_Forwarded_Prefix', 'x-forwarded_port'])(
  'forwardedHeaders: drop holds for %s at a proxy',
  async (spelling) => {
    const upstream = await startUpstream();
    const { send } = await startProxy(upstream.url, { config: { forwardedHeaders: 'drop' } });
    await send('GET', '/files/a', { [spelling]: 'claimed' });
    expect(upstream.last.rawHeaders).not.toContain('claimed');
  },
);

test.each(['x_real_ip', 'X_Forwarded-For'])(
  'forwardedHeaders: drop holds for %s that a function passes on',
  async (spelling) => {
    const upstream = await startUpstream();
    const get = { method: 'GET', path: '/', proxyHeaders: (headers: any) => headers } as const;
    const schemas = { root: { s: { endpoints: upstream.url, actions: { get } } } };
    const { post } = await startGateway(schemas, { forwardedHeaders: 'drop' });
    await post('s/get', {}, { [spelling]: 'claimed' });
    expect(upstream.last.rawHeaders).not.toContain('claimed');
  },
);

test.each(['Proxy', 'transfer_encoding', 'Proxy_Authorization'])(
  '%s goes through no proxy: CGI makes it a setting of the upstream',
  async (name) => {
    const upstream = await startUpstream();
    const { send } = await startProxy(upstream.url);
    await send('GET', '/files/a', { [name]: 'http://evil.test' });
    expect(upstream.last.rawHeaders).not.toContain('http://evil.test');
  },
);
