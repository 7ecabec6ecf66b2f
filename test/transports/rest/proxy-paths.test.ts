import { startProxy } from '../../servers/start-proxy';
import { startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const passed: [string, string][] = [
  ['/files', '/base/'],
  ['/files/', '/base/'],
  ['/files?a=1', '/base/?a=1'],
  ['/files/a/b.txt', '/base/a/b.txt'],
  ['/files/a/', '/base/a/'],
  ['/files/a//b', '/base/a//b'],
  ['/files//a', '/base/a'],
  ['/files/a/./b', '/base/a/b'],
  ['/files/a/../b', '/base/b'],
  ['/files/a/%2e%2E/b', '/base/b'],
  ['/files/a\\b', '/base/a/b'],
  ['/files/a%2Fb', '/base/a%2Fb'],
  ['/files/a%20b%zz', '/base/a%20b%zz'],
  ['/files/...', '/base/...'],
  ['/files/..a/b..', '/base/..a/b..'],
  ['/files/%D0%BF', '/base/%D0%BF'],
  ['/files/a;v=1/b', '/base/a;v=1/b'],
  ['/files/@evil.example', '/base/@evil.example'],
  ['/files/http://evil.example/a', '/base/http://evil.example/a'],
  ['/files//evil.example/a', '/base/evil.example/a'],
  ['/files/\\evil.example', '/base/evil.example'],
  ['/files/a?q=\'%20"<>{}|&q=..%2f..', '/base/a?q=\'%20"<>{}|&q=..%2f..'],
  ['/files/a??b=?', '/base/a??b=?'],
  ['/files/a?', '/base/a'],
];

test.each(passed)('%s goes below the endpoint as %s', async (path, expected) => {
  const upstream = await startUpstream();
  const { send } = await startProxy(`${upstream.url}/base`);
  expect((await send('GET', path)).status).toBe(200);
  expect(upstream.last.url).toBe(expected);
});

const escapes = [
  '/..',
  '/../',
  '/../other',
  '/../../etc/passwd',
  '/a/../../other',
  '/a/../../base/a',
  '/./../other',
  '//../other',
  '/..//other',
  '/%2e%2e/other',
  '/%2E./other',
  '/.%2e/other',
  '/..%2fother',
  '/..%2Fother',
  '/a%2f..%2f..%2fother',
  '/%2e%2e%2fother',
  '/..%5cother',
  '/..\\other',
  '/a\\..\\..\\other',
  '/%5c..%5c..%5cother',
  '/%252e%252e/other',
  '/%252e%252e%252fother',
  '/..%252fother',
  '/..%25252fother',
  '/%2525252525252525252525252e',
  '/..;/other',
  '/..;v=1/other',
  '/..%3b/other',
  '/%c0%ae%c0%ae/other',
  '/..%c0%afother',
  '/..%c1%9cother',
  '/a#/../b',
  '/a/..%2fb',
  '/a/..;/b',
  '/a/.;/b',
  '/a%2f.%2fb',
  '/a/%252e%252e/b',
];

test.each(escapes)('%s is refused with 400, and nothing is sent', async (path) => {
  const upstream = await startUpstream();
  const { send } = await startProxy(`${upstream.url}/base`);
  const { status, json } = await send('GET', `/files${path}`);
  expect([status, json.code]).toEqual([400, 'INVALID_PROXY_PATH']);
  expect(upstream.requests).toEqual([]);
});

test.each(['/..', '/%2e%2e%2fa', '/..%5ca'])(
  '%s is refused below the root of a server too',
  async (path) => {
    const upstream = await startUpstream();
    const { send } = await startProxy(upstream.url);
    expect((await send('GET', `/files${path}`)).status).toBe(400);
    expect(upstream.requests).toEqual([]);
  },
);

test('a request target in absolute form keeps the origin of the endpoint', async () => {
  const upstream = await startUpstream();
  const { send } = await startProxy(`${upstream.url}/base/`);
  await send('GET', 'http://evil.example/files/a?b=http://evil.example/');
  expect(upstream.last.url).toBe('/base/a?b=http://evil.example/');
  expect(upstream.last.headers.host).toBe(`127.0.0.1:${upstream.port}`);
});

test.each([
  ['pattern', '/files', '/files/a?b', '/base/a?b'],
  ['pattern', '/files/', '/files/a', '/base/a'],
  ['pattern', '/files', '/FILES/a', '/base/a'],
  ['pattern', '/files/v1', '/files/v1', '/base/'],
  ['pattern', '/files/v1', '/files/v1?a', '/base/?a'],
  ['pattern', undefined, '/files/a', '/base/files/a'],
  ['use', '/v1', '/files/v1/a', '/base/a'],
] as const)('mounted by %s, prefix %s of %s is taken off', async (mount, pathPrefix, path, url) => {
  const upstream = await startUpstream();
  const definition = pathPrefix === undefined ? {} : { pathPrefix };
  const { send } = await startProxy(`${upstream.url}/base`, { mount, definition });
  await send('GET', path);
  expect(upstream.last.url).toBe(url);
});

test.each(['/files/other/a', '/files/v1a', '/files/v'])(
  'a path without the prefix, %s, is 404',
  async (path) => {
    const upstream = await startUpstream();
    const definition = { pathPrefix: '/files/v1' };
    const { send } = await startProxy(upstream.url, { mount: 'pattern', definition });
    const { status, json } = await send('GET', path);
    expect([status, json.code]).toEqual([404, 'UNKNOWN_PROXY_PATH']);
    expect(upstream.requests).toEqual([]);
  },
);

test.each(['/../a', '/..%2fa'])('a prefix hides no escape: /files%s', async (path) => {
  const upstream = await startUpstream();
  const options = { mount: 'pattern', definition: { pathPrefix: '/files' } } as const;
  const { send } = await startProxy(`${upstream.url}/base`, options);
  expect((await send('GET', `/files${path}`)).status).toBe(400);
  expect(upstream.requests).toEqual([]);
});

test.each([
  ['/b/c', '/base/b/c?x=1', 200],
  ['b', undefined, 400],
  ['/../b', undefined, 400],
  ['/%2e%2e%2fb', undefined, 400],
  ['/b?c', undefined, 400],
])('an interceptor may send it elsewhere below the endpoint: %s', async (path, url, status) => {
  const upstream = await startUpstream();
  const change = (next: any) => (call: any) => next({ ...call, args: { ...call.args, path } });
  const definition = { interceptors: [change] };
  const { send } = await startProxy(`${upstream.url}/base`, { definition });
  expect((await send('GET', '/files/a?x=1')).status).toBe(status);
  expect(upstream.requests.map((request) => request.url)).toEqual(url ? [url] : []);
});

test.each([
  ['an endpoint with a query', 'http://127.0.0.1:1/a?b=1', {}],
  ['no URL', 'nonsense', {}],
  ['a prefix without a slash', 'http://127.0.0.1:1', { pathPrefix: 'files' }],
  ['a prefix with a query', 'http://127.0.0.1:1', { pathPrefix: '/files?' }],
  ['dropped headers that are none', 'http://127.0.0.1:1', { dropHeaders: ['a b'] }],
])('%s fails the build and names the action', async (_name, url, definition) => {
  await expect(startProxy(url, { definition })).rejects.toThrow('root.files.raw');
});
