import { BASE, REFUSED, startPathAction } from './start-path-action';

const RUNS = 800;

/** The same numbers for the same seed (mulberry32). */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
}

const PIECES = [
  ...[
    '..',
    '.',
    '/',
    '\\',
    '?',
    '#',
    '//',
    '@',
    ':',
    '&',
    ';',
    '%',
    '',
    ' ',
    '~',
    'é',
    '\u{1f600}',
  ],
  ...['%2e', '%2E', '%2f', '%5c', '%3f', '%23', '%00', '%252e', '%252f', '%2', 'e', '2e', '%c0%ae'],
  ...['\0', '\t', '\n', '\r', '\u007f', '\u0085', '\ud800', '\udfff', '\u2028', '\uff0f', '\u202e'],
  ...['a', 'a', 'canary', 'null', 'undefined', 'http:', 'evil.test', 'GATEWAY_INVALID_PARAM_VALUE'],
];

class Box {
  #value: unknown;
  constructor(value: unknown) {
    this.#value = value;
  }
  get value() {
    return this.#value;
  }
}

type Shape = readonly [name: string, wrap: (value: string) => unknown, get: (x: any) => any];

const SHAPES: Shape[] = [
  ['itself', (v) => v, (x) => x],
  ['a member', (v) => ({ a: { b: v } }), (x) => x.a.b],
  ['an element', (v) => [[v]], (x) => x[0][0]],
  ['destructured', (v) => ({ a: [v] }), ({ a: [v] }) => v],
  ['rest', (v) => ({ a: 1, b: v }), ({ a: _a, ...rest }) => rest.b],
  ['spread', (v) => ({ b: v }), (x) => ({ ...x }).b],
  ['a key', (v) => ({ [v]: 1 }), (x) => Object.keys(x)[0]],
  ['an entry', (v) => ({ [v]: v }), (x) => Object.entries(x).flat().join('-')],
  ['joined', (v) => ['a', v], (x) => x.join('-')],
  ['mapped', (v) => [v], (x) => x.map((y: string) => y).at(0)],
  ['found', (v) => [v], (x) => x.find(() => true)],
  ['sorted', (v) => [v, 'a'], (x) => x.toSorted().concat('b').join('-')],
  ['a getter', (v) => new Box(v), (x) => x.value],
  ['an inherited member', (v) => Object.create({ v }), (x) => x.v],
  ['frozen', (v) => Object.freeze({ v: Object.freeze([v]) }), (x) => x.v[0]],
  ['of no prototype', (v) => Object.assign(Object.create(null), { v }), (x) => x.v],
  ['own toString', (v) => ({ toString: v }), (x) => x.toString],
  ['a function', (v) => ({ toString: () => v }), (x) => x],
  ['a Buffer', (v) => Buffer.from(v), (x) => x],
  ['a part of a Buffer', (v) => Buffer.from(v), (x) => x.subarray(0)],
  ['a String object', (v) => new String(v), (x) => x],
];

type Use = readonly [name: string, show: (x: any, y: any) => string];

const USES: Use[] = [
  ['a template', (x) => `${x}`],
  ['+', (x) => '' + x],
  ['String()', (x) => String(x)],
  ['toString()', (x) => x.toString()],
  ['concat', (x, y) => ''.concat(x, y)],
  ['two together', (x, y) => `${x}${y}`],
  ['a dot before', (x) => `.${x}`],
  ['a dot behind', (x) => `${x}.`],
  ['half an escape before', (x) => `%2${x}`],
  ['toLowerCase', (x) => `${x}`.toLowerCase()],
  ['normalize', (x) => `${x}`.normalize()],
  ['slice', (x) => `${x}`.slice(1)],
  ['replace', (x) => `${x}`.replace('a', '')],
  ['trim', (x) => `${x}`.trim()],
  ['encoded again', (x) => encodeURIComponent(x)],
  ['decoded', (x) => decodeURIComponent(x)],
  ['a default', (x) => x || 'none'],
  ['compared', (x) => (x === 'a' ? 'yes' : 'no')],
];

/** One segment under the prefix of the schema, which URL parsers leave as it is. */
function isInPlace(below: string): boolean {
  const { pathname, search, hash } = new URL(BASE + below, 'http://upstream');
  const isOneSegment = /^\/items\/[^/]*\/end$/.test(below);
  return isOneSegment && pathname === BASE + below && search === '' && hash === '';
}

test.each([
  [1, true],
  [2, true],
  [3, false],
  [4, false],
])(
  'I3: whatever the values, shapes and ways of use, nothing leaves its segment (seed %d, encoding %s)',
  async (seed, encodePathArgs) => {
    const pick = createRandom(seed);
    const valueOf = () => [0, 0, 0].map(() => pick(PIECES)).join('') + pick(['', pick(PIECES)]);
    const { send } = await startPathAction({}, { encodePathArgs });
    const outcomes = new Map<boolean, number>();
    const faults: unknown[] = [];
    for (let run = 0; run < RUNS; run++) {
      const [shape, wrap, get] = pick(SHAPES);
      const [use, show] = pick(USES);
      const [x, y] = [pick([valueOf(), pick(PIECES)]), pick(PIECES)];
      const make = (args: any) => `/items/${show(get(args.x), get(args.y))}/end`;
      const came = await send(make, { x: wrap(x), y: wrap(y) });
      const isSent = came.startsWith('/');
      outcomes.set(isSent, (outcomes.get(isSent) ?? 0) + 1);
      const isRight = isSent ? isInPlace(came) : came === REFUSED || came.startsWith('500 ');
      if (!isRight || came.includes('after')) faults.push({ shape, use, x, y, came });
    }
    expect(faults).toEqual([]);
    expect(outcomes.get(true)).toBeGreaterThan(RUNS / 20);
    expect(outcomes.get(false)).toBeGreaterThan(RUNS / 20);
  },
);
