import { startRestAction } from '../../servers/start-rest-action';
import { startUpstream } from '../../servers/start-upstream';
import { BASE, REFUSED, startPathAction } from './start-path-action';
import type { MakePath } from './start-path-action';

const byId: MakePath = ({ id }) => `/items/${id}`;

const missing: [string, MakePath, object, string][] = [
  ['a missing argument', byId, {}, REFUSED],
  ['null', byId, { id: null }, REFUSED],
  ['undefined', byId, { id: undefined }, REFUSED],
  ['a path that is the missing argument', ({ id }) => id, {}, REFUSED],
  [
    'null behind an argument that contains the word',
    ({ a, id }) => `/${a}/${id}`,
    { a: 'nullable', id: null },
    REFUSED,
  ],
  ['an element that is not there', ({ list }) => `/${list[3]}`, { list: ['a'] }, REFUSED],
  [
    'an element that destructuring does not find',
    ({ list: [, b] }) => `/${b}`,
    { list: ['a'] },
    REFUSED,
  ],
  ['an element that at() does not find', ({ list }) => `/${list.at(3)}`, { list: ['a'] }, REFUSED],
  ['a missing member', ({ a }) => `/${a.b}`, { a: {} }, REFUSED],
  ['a missing argument in the query', ({ q }) => `/items?q=${q}`, {}, REFUSED],
  ['the text null', byId, { id: 'null' }, '/items/null'],
  ['the text undefined', byId, { id: 'undefined' }, '/items/undefined'],
  [
    'a word that contains null beside an optional argument',
    ({ id, x }) => `/items/${id}${x ? '/x' : ''}`,
    { id: 'nullable' },
    '/items/nullable',
  ],
  [
    'an optional argument that is only looked at',
    ({ id, x }) => `/items/${id}${x ?? ''}`,
    { id: 1 },
    '/items/1',
  ],
  [
    'the word in the path itself, nothing missing',
    ({ id }) => `/nullable/${id}`,
    { id: 1 },
    '/nullable/1',
  ],
];

test.each(missing)('I4: %s', async (_name, make, args, expected) => {
  const { send } = await startPathAction();
  expect(await send(make, args)).toBe(expected);
});

const holes: [string, MakePath, object, string][] = [
  ['an empty argument at the end', byId, { id: '' }, REFUSED],
  ['an empty argument in the middle', ({ id }) => `/items/${id}/x`, { id: '' }, REFUSED],
  ['an empty argument at the start', ({ id }) => `/${id}/x`, { id: '' }, REFUSED],
  ['an empty argument before a query', ({ id }) => `/items/${id}?x=1`, { id: '' }, REFUSED],
  ['an empty key', ({ by }) => `/items/${Object.keys(by)[0]}`, { by: { '': 1 } }, REFUSED],
  ['an empty element', ({ list }) => `/${list.join('/')}`, { list: ['a', '', 'b'] }, REFUSED],
  [
    'an empty element beside zeros',
    ({ list }) => `/${list.join('/')}`,
    { list: ['100', '', '0'] },
    REFUSED,
  ],
  ['a null element', ({ list }) => `/${list.join('/')}`, { list: ['a', null, 'b'] }, REFUSED],
  ['a missing argument that the path makes empty', ({ id }) => `/items/${id ?? ''}`, {}, '/items/'],
  [
    'an empty argument in upper case',
    ({ id }) => `/items/${id.toUpperCase()}`,
    { id: '' },
    REFUSED,
  ],
  ['an empty argument in the query', ({ q }) => `/items?q=${q}`, { q: '' }, '/items?q='],
  ['an empty argument beside others', ({ id }) => `/items/x${id}`, { id: '' }, '/items/x'],
  [
    'a slash that the path ends with, an argument left out',
    ({ id, full }) => `/items/${id}/${full ? 'full/' : ''}`,
    { id: 1 },
    '/items/1/',
  ],
  [
    'another path where an argument is empty',
    ({ tag }) => (tag ? `/tags/${tag}` : '/tags/'),
    { tag: '' },
    REFUSED,
  ],
  ['nothing but an empty argument', ({ tag }) => `/${tag}`, { tag: '' }, REFUSED],
];

test.each(holes)('I4: %s', async (_name, make, args, expected) => {
  const { send } = await startPathAction();
  expect(await send(make, args)).toBe(expected);
});

test.each<[string, MakePath, string]>([
  ['a slash in front', () => '/items', '/items'],
  ['no slash in front', () => 'items', '/items'],
  ['several slashes in front', () => '//items', '/items'],
  ['nothing', () => '', ''],
  ['a query', () => '?a=b', '?a=b'],
])('exactly one slash joins the endpoint and a path with %s', async (_name, make, expected) => {
  const { send } = await startPathAction();
  expect(await send(make, {})).toBe(expected);
});

test.each([
  ['/items/', '/items', '/items/items'],
  ['/items///', '/items', '/items/items'],
  ['/items/', '', '/items/'],
  ['', '/items', '/items'],
  ['/', 'items', '/items'],
])('an endpoint that ends in %j with the path %j', async (end, path, expected) => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url + end, { path });
  await call();
  expect(upstream.last.url).toBe(expected);
});

test.each<[string, MakePath]>([
  ['dot-dot of the path itself', () => '/../admin'],
  ['encoded dot-dot of the path itself', () => '/%2e%2e/admin'],
  ['a neighbour with the same beginning', () => '/../v1x'],
  ['backslashes of the path itself', () => '/..\\..\\admin'],
  ['tabs that URL parsers drop', () => '/.\t./admin'],
])('I4: the finished URL keeps the base path: %s', async (_name, make) => {
  const { send, upstream } = await startPathAction();
  expect(await send(make, {})).toBe(REFUSED);
  expect(await send((args) => `${String(make(args))}/${args.id}`, { id: 'a' })).toBe(REFUSED);
  const { call } = await startRestAction(upstream.url + BASE, { path: make({}) as string });
  await expect(call()).rejects.toMatchObject({ error: { status: 400 } });
  expect(upstream.requests).toHaveLength(0);
});

test.each([
  ['//evil.test/x', '/evil.test/x'],
  ['@evil.test/x', '/@evil.test/x'],
  [':1/x', '/:1/x'],
  ['http://evil.test', '/http://evil.test'],
])('I4: the finished URL keeps the origin: %s', async (path, expected) => {
  const { send } = await startPathAction();
  expect(await send(() => path, {})).toBe(expected);
});

test.each<[string, MakePath, object]>([
  ['parts of an escape', ({ a, b, c }) => `/items/${a}${b}${c}/x`, { a: '%2', b: 'e%2', c: 'e' }],
  ['one part of an escape', ({ a }) => `/items/%2${a}/x`, { a: 'e' }],
  ['nothing beside a dot', ({ a }) => `/items/.${a}/x`, { a: '' }],
  ['a dot-dot of decoded text', ({ a }) => `/items/${decodeURIComponent(a)}`, { a: '%252e%252e' }],
])(
  'I3: a dot segment that only comes about in the path is refused: %s',
  async (_name, make, args) => {
    const { send } = await startPathAction({}, { encodePathArgs: false });
    expect(await send(make, args)).toBe(REFUSED);
  },
);
