import { deepFreeze } from '../../test/fakes/deep-freeze';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { all, outcomesOf, REFUSED, startPaths } from './start-paths';
import type { MakePath } from './start-paths';

checkLeaks();

/** One value in all the places that a path may read it from. */
const argsWith = (v: string) => ({ v, deep: { list: [{ v }, v] }, by: { [v]: v }, list: ['a', v] });

const WAYS: Record<string, MakePath> = {
  itself: ({ v }) => `/${v}`,
  'in a query': ({ v }) => `/x?q=${v}`,
  'a member': (args) => `/${args.deep.list[0].v}`,
  destructured: ({
    deep: {
      list: [, v],
    },
  }) => `/${v}`,
  rest: ({ list, ...others }) => `/${list[0]}/${others.v}`,
  spread: (args) => `/${{ ...args }.v}/${[...args.list][1]}`,
  'Object.assign': (args) => `/${Object.assign({}, args).v}`,
  'for of': ({ list }) => {
    let path = '';
    for (const item of list) path += `/${item}`;
    return path;
  },
  join: ({ list }) => `/${list.join('/')}`,
  map: ({ list }) => list.map((item: string) => `/${item}`).join(''),
  'filter and at': ({ list }) => `/${list.filter(Boolean).at(-1)}`,
  'find and concat': ({ list }) =>
    `/${['x'].concat(list.find((item: string) => item !== 'a')).join('/')}`,
  reduce: ({ list }) => list.reduce((path: string, item: string) => `${path}/${item}`, ''),
  'flat and slice': ({ list }) => `/${[list].flat().slice(1)[0]}`,
  'a value by Object.values': ({ by }) => `/${String(Object.values(by)[0])}`,
  'a key by Object.keys': ({ by }) => `/${Object.keys(by)[0]}`,
  'a key by Object.entries': ({ by }) => `/${Object.entries(by)[0]?.[0]}`,
  'a key by for in': ({ by }) => {
    for (const key in by) return `/${key}`;
    return '/';
  },
  'as JSON': ({ by }) => `/${encodeURIComponent(JSON.stringify(by))}`,
};
const NAMES = Object.keys(WAYS);

const UNSAFE = [
  ...['..', 'a..b', '../a', '.', 'a/b', '/', 'a\\b', 'a?b', 'a#b'],
  ...['a\0', 'a\nb', 'a\rb', '\t', 'a\u001fb', 'a\u007f', 'a\u0085b', 'a\u009f'],
  ...['a\ud800', '\udc00a', '\udc00\ud800'],
  ...['%2e%2E', '.%2e', '%2e.', '%2E', 'a%2fb', 'a%2Fb', 'a%5cb', 'a%3Fb', 'a%23b'],
  ...['%00', 'a%0d%0ab', '%7f', '%c2%85', '%c0%af', '%ff', 'a%ed%a0%80'],
  ...['GATEWAY_INVALID_PARAM_VALUE', 'gateway_invalid_param_value'],
];

promise(
  'I3',
  'A path argument that contains `..`, is `.`, has a slash, backslash, `?`, `#`, control character or lone surrogate, or percent-decodes to one of those, ends the call with 400 GATEWAY_INVALID_PARAM_VALUE before anything is sent, wherever in the args it is, key or value, and however it is read.',
  (express) => {
    test.each(UNSAFE)('%j', async (value) => {
      const { byHttp, byApi, upstream } = await startPaths(express, WAYS);
      const args = argsWith(value);
      const refused = all(NAMES, REFUSED);
      expect(await outcomesOf(NAMES, (name) => byHttp(name, args))).toEqual(refused);
      expect(await byApi('itself', args)).toBe(REFUSED);
      expect(upstream.connectionCount).toBe(0);
    });

    test('the answer is coded and does not tell the value', async () => {
      const { post } = await startPaths(express, WAYS);
      const answer = await post('s/itself', argsWith('../canary'));
      const told = { status: 400, code: 'GATEWAY_INVALID_PARAM_VALUE' };
      expect(answer).toMatchObject({ status: 400, json: { ...told, message: expect.any(String) } });
      expect(answer.text).not.toContain('canary');
    });
  },
);

const SETTINGS: [string, NonNullable<Parameters<typeof startPaths>[2]>, (v: string) => string][] = [
  ['as it is', {}, encodeURIComponent],
  ['with a schema', { definition: { validationSchema: { type: 'object' } } }, encodeURIComponent],
  ['with a general schema', { config: { validationSchema: {} } }, encodeURIComponent],
  ['with encodePathArgs false', { config: { encodePathArgs: false } }, String],
];

promise(
  'I3',
  'The check is made whatever validationSchema and encodePathArgs say; with encodePathArgs false a value is not encoded, else it is encoded once.',
  (express) => {
    test.each(SETTINGS)('%s', async (_setting, options, shown) => {
      const { byHttp } = await startPaths(express, WAYS, options);
      for (const value of ['abc', 'a%20b', 'a&b=c', '100%25', '.a.b', 'a%252fb', '-1']) {
        expect(await byHttp('itself', argsWith(value))).toBe(`/${shown(value)}`);
        expect(await byHttp('a key by Object.keys', argsWith(value))).toBe(`/${shown(value)}`);
        expect(await byHttp('join', argsWith(value))).toBe(`/a/${shown(value)}`);
      }
      for (const value of UNSAFE) {
        expect(await byHttp('itself', argsWith(value))).toBe(REFUSED);
        expect(await byHttp('join', argsWith(value))).toBe(REFUSED);
      }
    });
  },
);

promise('I3', 'Frozen args work, and hooks are given the args themselves.', (express) => {
  test('frozen however deep', async () => {
    const seen: unknown[] = [];
    const params = (args: unknown) => (seen.push(args), {});
    const { byApi } = await startPaths(express, WAYS, { definition: { params } });
    const thawed = await outcomesOf(NAMES, (name) => byApi(name, argsWith('a b')));
    expect(thawed).toMatchObject({ itself: '/a%20b', destructured: '/a%20b', join: '/a/a%20b' });
    const args = deepFreeze(argsWith('a b'));
    expect(await outcomesOf(NAMES, (name) => byApi(name, args))).toEqual(thawed);
    expect(seen.at(-1)).toBe(args);
    const refused = await outcomesOf(NAMES, (name) => byApi(name, deepFreeze(argsWith('..'))));
    expect(refused).toEqual(all(NAMES, REFUSED));
  });
});
