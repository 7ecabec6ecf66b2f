class Box {
  #value: unknown;
  constructor(value: unknown) {
    this.#value = value;
  }
  get value() {
    return this.#value;
  }
}

type Shape = readonly [wrap: (value: string) => unknown, get: (x: any) => any];

/** Where a value may be in the args, and how a path function gets at it. */
export const PATH_SHAPES: Record<string, Shape> = {
  itself: [(v) => v, (x) => x],
  'a member': [(v) => ({ a: { b: v } }), (x) => x.a.b],
  'an element': [(v) => [[v]], (x) => x[0][0]],
  destructured: [(v) => ({ a: [v] }), ({ a: [v] }) => v],
  rest: [(v) => ({ a: 1, b: v }), ({ a: _a, ...rest }) => rest.b],
  spread: [(v) => ({ b: v }), (x) => ({ ...x }).b],
  'a spread list': [(v) => ['a', v], (x) => [...x].at(-1)],
  'a key': [(v) => ({ [v]: 1 }), (x) => Object.keys(x)[0]],
  'an entry': [(v) => ({ [v]: v }), (x) => Object.entries(x).flat().join('-')],
  joined: [(v) => ['a', v], (x) => x.join('-')],
  mapped: [(v) => [v], (x) => x.map((y: string) => y).at(0)],
  reduced: [(v) => [v, v], (x) => x.reduce((a: string, b: string) => a + b)],
  found: [(v) => [v], (x) => x.find(() => true)],
  sorted: [(v) => [v, 'a'], (x) => x.toSorted().concat('b').join('-')],
  flattened: [(v) => [[v], v], (x) => x.flat(3).join('-')],
  'as JSON': [(v) => ({ v }), (x) => JSON.parse(JSON.stringify(x)).v],
  'a getter': [(v) => new Box(v), (x) => x.value],
  'an inherited member': [(v) => Object.create({ v }), (x) => x.v],
  frozen: [(v) => Object.freeze({ v: Object.freeze([v]) }), (x) => x.v[0]],
  'of no prototype': [(v) => Object.assign(Object.create(null), { v }), (x) => x.v],
  'own toString': [(v) => ({ toString: v }), (x) => x.toString],
  'own toJSON': [(v) => ({ toJSON: () => v }), (x) => JSON.stringify(x)],
  'a function': [(v) => ({ toString: () => v }), (x) => x],
  'a Buffer': [(v) => Buffer.from(v), (x) => x],
  'a part of a Buffer': [(v) => Buffer.from(v), (x) => x.subarray(0)],
  'a String object': [(v) => new String(v), (x) => x],
};

/** What a path function may do with two values. */
export const PATH_USES: Record<string, (x: any, y: any) => string> = {
  'a template': (x) => `${x}`,
  '+': (x) => '' + x,
  'String()': (x) => String(x),
  'toString()': (x) => x.toString(),
  concat: (x, y) => ''.concat(x, y),
  'two together': (x, y) => `${x}${y}`,
  'a dot before': (x) => `.${x}`,
  'a dot behind': (x) => `${x}.`,
  'half an escape before': (x) => `%2${x}`,
  toLowerCase: (x) => `${x}`.toLowerCase(),
  normalize: (x) => `${x}`.normalize(),
  NFKC: (x) => `${x}`.normalize('NFKC'),
  slice: (x) => `${x}`.slice(1),
  replace: (x) => `${x}`.replace('a', ''),
  reversed: (x) => [...`${x}`].reverse().join(''),
  trim: (x) => `${x}`.trim(),
  'encoded again': (x) => encodeURIComponent(x),
  decoded: (x) => decodeURIComponent(x),
  'a default': (x) => x || 'none',
  compared: (x) => (x === 'a' ? 'yes' : 'no'),
};
