import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { all, outcomesOf, REFUSED, startPaths } from './start-paths';
import type { MakePath } from './start-paths';

checkLeaks();

type Case = [name: string, path: MakePath, args: object, expected: string];

const byId: MakePath = ({ id }) => `/items/${id}`;

const missing: Case[] = [
  ['a missing argument', byId, {}, REFUSED],
  ['null', byId, { id: null }, REFUSED],
  ['a path that is the missing argument', ({ id }) => id, {}, REFUSED],
  ['a missing member', ({ a }) => `/${a.b}`, { a: {} }, REFUSED],
  ['an element that is not there', ({ list }) => `/${list[3]}`, { list: ['a'] }, REFUSED],
  ['an element not found', ({ list: [, b] }) => `/${b}`, { list: ['a'] }, REFUSED],
  ['an element that at() misses', ({ list }) => `/${list.at(3)}`, { list: ['a'] }, REFUSED],
  ['a missing argument in a query', ({ q }) => `/items?q=${q}`, {}, REFUSED],
  [
    'null beside a text that has the word',
    ({ a, id }) => `/${a}/${id}`,
    { a: 'nullable', id: null },
    REFUSED,
  ],
  ['the text null', byId, { id: 'null' }, '/items/null'],
  ['the text undefined', byId, { id: 'undefined' }, '/items/undefined'],
  [
    'the word in the path, nothing missing',
    ({ id }) => `/undefined/${id}`,
    { id: 1 },
    '/undefined/1',
  ],
  [
    'an optional argument only looked at',
    ({ id, x }) => `/items/${id}${x ?? ''}`,
    { id: 1 },
    '/items/1',
  ],
];

promise(
  'I4',
  'A finished path that contains `undefined` or `null` while an argument read was missing or null, and no text read is that word, ends the call with 400 before anything is sent.',
  (express) => {
    test.each(missing)('%s', async (_name, path, args, expected) => {
      const { byHttp, byApi } = await startPaths(express, { path });
      expect(await byHttp('path', args)).toBe(expected);
      expect(await byApi('path', args)).toBe(expected);
    });
  },
);

const COERCIONS: Record<string, MakePath> = {
  'a template': ({ x }) => `/${x}`,
  '+': ({ x }) => '/' + x,
  'String()': ({ x }) => `/${String(x)}`,
  'toString()': ({ x }) => `/${x.toString()}`,
  'toLocaleString()': ({ x }) => `/${x.toLocaleString()}`,
  concat: ({ x }) => '/'.concat(x),
  encodeURIComponent: ({ x }) => `/${encodeURIComponent(x)}`,
  'join of a list around it': ({ x }) => `/${[x].join()}`,
  'the path itself': ({ x }) => x,
};

promise(
  'I4',
  'An object or array that is turned into a string ends the call with 400; `join` on a checked array is fine.',
  (express) => {
    test.each([[{ a: 1 }], [{}], [['a']], [[]], [[['a']]]])('%j', async (x) => {
      const names = Object.keys(COERCIONS);
      const { byHttp } = await startPaths(express, COERCIONS);
      const outcomes = await outcomesOf(names, (name) => byHttp(name, { x }));
      expect(outcomes).toEqual(all(names, REFUSED));
    });

    test('join', async () => {
      const join: MakePath = ({ list }) => `/${list.join('/')}`;
      const { byHttp } = await startPaths(express, { join });
      expect(await byHttp('join', { list: ['a b', 1, true] })).toBe('/a%20b/1/true');
      expect(await byHttp('join', { list: ['a', ['b']] })).toBe(REFUSED);
      expect(await byHttp('join', { list: ['a', {}] })).toBe(REFUSED);
    });
  },
);

promise('I4', 'A Buffer in a path is checked as its UTF-8 text.', (express) => {
  const ways: Record<string, MakePath> = {
    'a template': ({ x }) => `/${x}`,
    'toString()': ({ x }) => `/${x.toString()}`,
    join: ({ x }) => `/${[x].join()}`,
    'a part': ({ x }) => `/${x.subarray(0)}`,
  };
  const names = Object.keys(ways);

  test.each([
    ['plain-1', '/plain-1'],
    ...['../a', '.', 'a/b', 'a\\b', 'a?b', 'a#b', 'a\nb', '%2e%2e', ''].map((x) => [x, REFUSED]),
  ])('%j', async (text, expected) => {
    const { byApi } = await startPaths(express, ways);
    for (const x of [Buffer.from(text), new Uint8Array(Buffer.from(text))]) {
      const outcomes = await outcomesOf(names, (name) => byApi(name, { x }));
      expect(outcomes).toEqual(all(names, expected));
    }
  });
});

const holes: Case[] = [
  ['at the end', byId, { id: '' }, REFUSED],
  ['in the middle', ({ id }) => `/items/${id}/x`, { id: '' }, REFUSED],
  ['at the start', ({ id }) => `/${id}/x`, { id: '' }, REFUSED],
  ['as the whole path', ({ id }) => `/${id}`, { id: '' }, REFUSED],
  ['before a query', ({ id }) => `/items/${id}?x=1`, { id: '' }, REFUSED],
  ['deep in the args', ({ a }) => `/items/${a.b[0]}`, { a: { b: [''] } }, REFUSED],
  ['a key', ({ by }) => `/items/${Object.keys(by)[0]}`, { by: { '': 1 } }, REFUSED],
  ['an element', ({ list }) => `/${list.join('/')}`, { list: ['a', '', 'b'] }, REFUSED],
  ['an element that is null', ({ list }) => `/${list.join('/')}`, { list: ['a', null] }, REFUSED],
  ['in a query', ({ q }) => `/items?q=${q}`, { q: '' }, '/items?q='],
  ['beside a text', ({ id }) => `/items/x${id}`, { id: '' }, '/items/x'],
];

promise(
  'I4',
  'An empty string argument that leaves `//` or a slash at the end of the path ends the call with 400.',
  (express) => {
    test.each(holes)('%s', async (_name, path, args, expected) => {
      const { byHttp, byApi } = await startPaths(express, { path });
      expect(await byHttp('path', args)).toBe(expected);
      expect(await byApi('path', args)).toBe(expected);
    });
  },
);
