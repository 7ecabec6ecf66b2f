import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { all, outcomesOf, REFUSED, startPaths } from './start-paths';
import type { MakePath } from './start-paths';

checkLeaks();

const comparing: Record<string, MakePath> = {
  '===': ({ v }) => (v === 'a' ? '/a' : '/other'),
  'a switch': ({ v }) => ({ a: '/a' })[v as 'a'] ?? '/other',
  includes: ({ v, list }) => (['b'].includes(v) || list.includes('b') ? '/a' : '/other'),
  length: ({ v }) => (v.length > 0 ? '/other' : '/none'),
  'the marker': ({ v }) => (v === 'GATEWAY_INVALID_PARAM_VALUE' ? '/other' : '/a'),
};

promise(
  'I3',
  'Reading such a value for a comparison does no harm: it reads as the marker GATEWAY_INVALID_PARAM_VALUE.',
  (express) => {
    test.each(['../canary', 'a%2fb', 'a\0b'])('%j', async (value) => {
      const { byHttp } = await startPaths(express, comparing);
      const names = Object.keys(comparing);
      const outcomes = await outcomesOf(names, (name) =>
        byHttp(name, { v: value, list: ['a', value] }),
      );
      expect(outcomes).toEqual(all(names, '/other'));
    });
  },
);

const alterCase = (text: string) => text.replace(/_./g, (part) => part.toLowerCase());
const refusing: Record<string, MakePath> = {
  'lower case': ({ v }) => `/${v.toLowerCase()}`,
  'upper case': ({ v }) => `/${v.toUpperCase()}`,
  'mixed case': ({ v }) => `/${alterCase(v)}`,
  'encoded again': ({ v }) => `/${encodeURIComponent(v)}`,
  decoded: ({ v }) => `/${decodeURIComponent(v)}`,
  'in the query': ({ v }) => `/x?q=a${v.toLowerCase()}b`,
};
const changing: Record<string, MakePath> = {
  slice: ({ v }) => `/${v.slice(0, 7)}`,
  split: ({ v }) => `/${v.split('_')[1]}`,
  replace: ({ v }) => `/${v.replace('GATEWAY_', '')}`,
  characters: ({ v }) => `/${[...v].reverse().join('')}`,
  length: ({ v }) => `/${v.length}`,
};

promise(
  'I3',
  'A finished path that contains the marker in any letter case is refused; a marker that the path function has changed carries nothing of the value.',
  (express) => {
    test('in any letter case', async () => {
      const { byHttp } = await startPaths(express, refusing);
      const names = Object.keys(refusing);
      const outcomes = await outcomesOf(names, (name) => byHttp(name, { v: '../canary' }));
      expect(outcomes).toEqual(all(names, REFUSED));
    });

    test('changed', async () => {
      const { byHttp } = await startPaths(express, changing);
      const ask = (v: string) => outcomesOf(Object.keys(changing), (name) => byHttp(name, { v }));
      const outcomes = await ask('../canary');
      expect(Object.values(outcomes)).toEqual([
        ...['/GATEWAY', '/INVALID', '/INVALID_PARAM_VALUE', '/EULAV_MARAP_DILAVNI_YAWETAG', '/27'],
      ]);
      for (const value of ['/', '.'.repeat(500), 'a%2f..%2fb']) {
        expect(await ask(value)).toEqual(outcomes);
      }
    });
  },
);

promise(
  'I3',
  "`pathArgs: {name: 'segments'}` admits slashes in that argument, and each segment is checked and encoded by itself.",
  (express) => {
    test.each([
      ['a/b c/d', '/a/b%20c/d'],
      ['a', '/a'],
      ...['a/../b', 'a/./b', '/a', 'a/', 'a//b', 'a%2fb/c', 'a/%2e%2e', 'a/b?c', 'a\\b/c'].map(
        (file) => [file, REFUSED],
      ),
    ])('%j', async (file, expected) => {
      const paths = {
        file: (args: any) => `/${args.file}`,
        other: (args: any) => `/${args.other}`,
      };
      const definition = { pathArgs: { file: 'segments' } } as const;
      const { byHttp } = await startPaths(express, paths, { definition });
      expect(await byHttp('file', { file })).toBe(expected);
      expect(await byHttp('other', { other: 'a/b' })).toBe(REFUSED);
    });
  },
);
