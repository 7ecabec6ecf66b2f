import { REFUSED, startPathAction } from './start-path-action';
import type { MakePath } from './start-path-action';

const BAD = '../canary';

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

const uses: [string, MakePath, object, string][] = [
  ['destructuring', ({ a, b: { c } }) => `/${a}/${c}`, { a: 'x y', b: { c: 'z' } }, '/x%20y/z'],
  ['rest', ({ a, ...rest }) => `/${a}/${rest.b}`, { a: 'x', b: 'y z' }, '/x/y%20z'],
  ['spread', (args) => `/${{ ...args }.a}`, { a: 'x y' }, '/x%20y'],
  ['Object.assign', (args) => `/${Object.assign({ a: '' }, args).a}`, { a: 'x y' }, '/x%20y'],
  ['join', (args) => `/${args.list.join('/')}`, { list: ['a b', 'c'] }, '/a%20b/c'],
  ['map', (args) => args.list.map((x: string) => `/${x}`).join(''), { list: ['a b'] }, '/a%20b'],
  ['array spread', (args) => ['', ...args.list].join('/'), { list: ['a b', 1] }, '/a%20b/1'],
  ['array concat', (args) => ['', 'x'].concat(args.list).join('/'), { list: ['a b'] }, '/x/a%20b'],
  ['array destructuring', ({ list: [, b] }) => `/${b}`, { list: ['a', 'b c'] }, '/b%20c'],
  [
    'filter, at, flat',
    (args) => `/${args.list.flat().filter(Boolean).at(-1)}`,
    { list: [['a b']] },
    '/a%20b',
  ],
  [
    'for of',
    (args) => [...args.list.values()].reduce((p, x) => `${p}/${x}`, ''),
    { list: ['a b'] },
    '/a%20b',
  ],
  ['Object.keys', (args) => `/${Object.keys(args.by).join()}`, { by: { 'a b': 1 } }, '/a%20b'],
  [
    'Object.entries',
    (args) => `/${Object.entries(args.by).flat().join()}`,
    { by: { 'a b': 'c d' } },
    '/a%20b,c%20d',
  ],
  [
    'for in',
    (args) => {
      let path = '';
      for (const key in args.by) path += `/${key}`;
      return path;
    },
    { by: { 'a b': 1 } },
    '/a%20b',
  ],
  [
    'JSON.stringify',
    (args) => `/${encodeURIComponent(JSON.stringify(args.by))}`,
    { by: { a: 1 } },
    '/%7B%22a%22%3A1%7D',
  ],
  ['concat', (args) => '/'.concat(args.a), { a: 'x y' }, '/x%20y'],
  ['+', (args) => '/' + args.a, { a: 'x y' }, '/x%20y'],
  ['String()', (args) => `/${String(args.a)}`, { a: 'x y' }, '/x%20y'],
];

test.each(uses)(
  'I3: %s sees encoded values, of frozen args too',
  async (_name, make, args, shown) => {
    const { send } = await startPathAction();
    expect(await send(make, args)).toBe(shown);
    expect(await send(make, deepFreeze(args))).toBe(shown);
  },
);

test.each([
  ['a template', (args: any) => `/${args.x}`],
  ['+', (args: any) => '/' + args.x],
  ['String()', (args: any) => `/${String(args.x)}`],
  ['concat', (args: any) => '/'.concat(args.x)],
  ['join of an array around it', (args: any) => [args.x].join()],
  ['toString()', (args: any) => `/${args.x.toString()}`],
  ['toLocaleString()', (args: any) => `/${args.x.toLocaleString()}`],
  ['encodeURIComponent', (args: any) => `/${encodeURIComponent(args.x)}`],
])(
  'I4: an object or array coerced to a string by %s ends the call with 400',
  async (_name, make) => {
    const { send } = await startPathAction();
    for (const x of [{ a: 1 }, ['a'], [], {}, Object.create(null), [['a']]]) {
      expect(await send(make, { x })).toBe(REFUSED);
    }
  },
);

describe('own keys that objects inherit', () => {
  const names = [
    'toString',
    'valueOf',
    'toJSON',
    'constructor',
    '__proto__',
    'length',
    'then',
    'hasOwnProperty',
  ];

  test.each(names)('%s is an argument like any other', async (name) => {
    const { send } = await startPathAction();
    const make: MakePath = (args) => `/${args[name]}`;
    const argsOf = (text: string) =>
      JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(text)}}`);
    expect(await send(make, argsOf('x y'))).toBe('/x%20y');
    expect(await send(make, argsOf(BAD))).toBe(REFUSED);
    expect(await send(make, {})).toBe(REFUSED);
  });

  test.each(names)('%s does not change how its object is shown', async (name) => {
    const { send } = await startPathAction();
    const args = JSON.parse(`{"x": {${JSON.stringify(name)}: "../canary"}}`);
    expect(await send(({ x }) => `/${x}`, args)).toBe(REFUSED);
    expect(await send(({ x }) => `/${[x].join()}`, args)).toBe(REFUSED);
    expect(await send(({ x }) => `/${Object.values(x).join()}`, args)).toBe(REFUSED);
  });

  test.each([
    ['toString', { toString: (): string => BAD }],
    ['Symbol.toPrimitive', { [Symbol.toPrimitive]: () => BAD }],
    ['toJSON', { toJSON: () => BAD }],
  ])('a function as %s is never asked', async (_name, x) => {
    const { send } = await startPathAction();
    expect(await send((args) => `/${args.x}`, { x })).toBe(REFUSED);
    expect(await send((args) => `/${args.x.toString()}`, { x })).toBe(REFUSED);
    expect(await send((args) => `/${JSON.stringify(args.x)}`, { x })).not.toContain('canary');
  });

  test('a function as argument cannot be called or shown', async () => {
    const { send } = await startPathAction();
    const args = { x: () => BAD };
    expect(await send(({ x }) => `/${x()}`, args)).toBe(REFUSED);
    expect(await send(({ x }) => `/${x}`, args)).toBe(REFUSED);
  });
});

class User {
  #secret = 'q r';
  constructor(readonly first: string) {}
  get full() {
    return `${this.first} Doe`;
  }
  get secret() {
    return this.#secret;
  }
  label() {
    return `${this.first}-label`;
  }
}

test('getters and methods of class instances are encoded once and checked', async () => {
  const { send } = await startPathAction();
  expect(await send(({ u }) => `/${u.full}`, { u: new User('A B') })).toBe('/A%20B%20Doe');
  expect(await send(({ u }) => `/${u.secret}`, { u: new User('A') })).toBe('/q%20r');
  expect(await send(({ u }) => `/${u.label()}`, { u: new User('A B') })).toBe('/A%20B-label');
  for (const make of [
    ({ u }: any) => `/${u.full}`,
    ({ u }: any) => `/${u.label()}`,
  ] as MakePath[]) {
    expect(await send(make, { u: new User(BAD) })).toBe(REFUSED);
  }
  const own = {
    first: 'A B',
    get full() {
      return this.first;
    },
  };
  expect(await send(({ full }) => `/${full}`, own)).toBe('/A%20B');
  expect(await send(({ ...rest }) => `/${rest.full}`, own)).toBe('/A%20B');
});

test('circular args and extra members of arrays are checked like all others', async () => {
  const { send } = await startPathAction();
  const circular: Record<string, unknown> = { id: 'a b', bad: BAD };
  circular.self = circular;
  expect(await send(({ self }) => `/${self.self.id}`, circular)).toBe('/a%20b');
  expect(await send(({ self }) => `/${self.self.bad}`, circular)).toBe(REFUSED);
  const list = Object.assign(['a'], { [BAD]: 1 });
  expect(await send((args) => `/${Object.keys(args.list).join()}`, { list })).toBe(REFUSED);
});

test('what no view can show fails the call, and nothing is sent', async () => {
  const { send, upstream } = await startPathAction();
  const map = new Map([['a', BAD]]);
  expect(await send((args) => `/${args.map.get('a')}`, { map })).toMatch(/^[45]\d\d \w+$/);
  expect(await send((args) => `/${structuredClone(args).x}`, { x: BAD })).toMatch(/^[45]\d\d \w+$/);
  expect(await send((args) => `/${args.x}`, { x: new String(BAD) })).toBe(REFUSED);
  expect(await send((args) => `/${args.x}`, { x: new URL('http://a/b') })).toBe(REFUSED);
  expect(upstream.requests).toHaveLength(0);
});
