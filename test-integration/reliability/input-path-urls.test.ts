import { startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { BASE, REFUSED, startPaths } from './start-paths';

checkLeaks();

promise('I4', "The finished URL keeps the endpoint's origin and base path.", (express) => {
  test.each([
    '/../admin',
    '/%2e%2e/admin',
    '/.%2E/admin',
    '/..\\..\\admin',
    '/.\t./admin',
    '/../v1x',
    '/a/../../admin',
  ])('%j is refused, as a text and from a function', async (path) => {
    const upstream = await startUpstream();
    for (const make of [path, () => path, ({ id }: any) => `${path}/${id}`]) {
      const { post } = await startRestAction(upstream.url + BASE, { path: make }, {}, { express });
      const answer = await post({ id: 'a' });
      expect(`${answer.status} ${answer.json.code}`).toBe(REFUSED);
    }
    expect(upstream.connectionCount).toBe(0);
  });

  test.each([
    ['//elsewhere.invalid/x', '/elsewhere.invalid/x'],
    ['\\\\elsewhere.invalid/x', '///elsewhere.invalid/x'],
    ['@elsewhere.invalid/x', '/@elsewhere.invalid/x'],
    [':1/x', '/:1/x'],
    ['.elsewhere.invalid/x', '/.elsewhere.invalid/x'],
    ['http://elsewhere.invalid', '/http://elsewhere.invalid'],
    ['/a/../b', '/b'],
  ])('%j stays below the endpoint', async (path, expected) => {
    const { byHttp } = await startPaths(express, { path: () => path });
    expect(await byHttp('path', {})).toBe(expected);
  });

  test('an endpoint without a path keeps its origin', async () => {
    const upstream = await startUpstream();
    for (const path of [
      '@elsewhere.invalid/x',
      ':1/x',
      '.elsewhere.invalid',
      '//elsewhere.invalid',
    ]) {
      const { post } = await startRestAction(upstream.url, { path }, {}, { express });
      expect(await post()).toMatchObject({ status: 200 });
    }
    expect(upstream.requests).toHaveLength(4);
  });
});

promise(
  'I4',
  'Exactly one slash joins endpoint and path; an empty path, or one that starts with `?`, is appended as it is.',
  (express) => {
    test.each([
      ['', '/items', '/items'],
      ['', 'items', '/items'],
      ['/', '/items', '/items'],
      ['/base', 'items', '/base/items'],
      ['/base/', '/items', '/base/items'],
      ['/base//', '//items', '/base/items'],
      ['/base', '', '/base'],
      ['/base/', '', '/base/'],
      ['/base', '?a=b', '/base?a=b'],
      ['/base/', '?a=b', '/base/?a=b'],
      ['', '?a=b', '/?a=b'],
    ])('endpoint %j and path %j make %j', async (end, path, expected) => {
      const upstream = await startUpstream();
      for (const make of [path, () => path]) {
        const options = { path: make };
        const { post } = await startRestAction(upstream.url + end, options, {}, { express });
        expect(await post()).toMatchObject({ status: 200 });
        expect(upstream.last.url).toBe(expected);
      }
    });
  },
);
