import { bufbuild } from '../../test/transports/grpc/codec/oracles';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { fullNameOf, startBytes } from './start-bytes';
import type { TypeName } from './start-bytes';

checkLeaks();

const INT64 = ['0', '-1', '9007199254740993', '9223372036854775807', '-9223372036854775808'];
const UINT64 = ['0', '9007199254740993', '18446744073709551615'];
const entriesOf = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, `of ${key}`]));
const map = (field: string, keys: string[]): [string, TypeName, object] => [
  `the keys of ${field}`,
  'Maps',
  { [field]: entriesOf(keys) },
];

/** What the answer shows of a message is what ProtoJSON, as another library writes it, was made of. */
const asSent: [string, TypeName, object][] = [
  map('byBool', ['true', 'false']),
  map('byInt64', INT64),
  map('bySint64', INT64),
  map('byUint64', UINT64),
  map('byFixed64', UINT64),
  map('bySfixed64', INT64),
  map('byString', ['', 'a.b', 'constructor', 'ключ']),
  ['bool keys of messages', 'Maps', { nodeValues: { true: { label: 'a' } } }],
  ['enum values of a map', 'Maps', { colorValues: { a: 'GREEN', b: 'NEGATIVE', c: 42 } }],
  ['an enum number that has no name', 'Scalars', { color: 42 }],
  ['names in snake case', 'Optionals', { int32Field: 1, myNote: 'n' }],
];

/** Where the answer has the names that proto-loader gives. */
const renamed: [string, TypeName, object, object][] = [
  [
    'odd field names',
    'Names',
    { a1: 'a', B: 'b', aB: 'c', FooBar: 'd', x2y3z: 'e', trailing: 'f', ALLCAPS: 'g' },
    { a_1: 'a', _b: 'b', a_B: 'c', FooBar: 'd', x2y_3z: 'e', trailing_: 'f', ALL_CAPS: 'g' },
  ],
  [
    'names with a JSON name of their own, or of members of objects',
    'Names',
    {
      'other name': 'i',
      constructor: 'j',
      toString: 'k',
      hasOwnProperty: 'l',
      prototype: { n: 'o' },
    },
    { renamed: 'i', constructor: 'j', toString: 'k', hasOwnProperty: 'l', prototype: { n: 'o' } },
  ],
  [
    'the first name of an enum number that has several',
    'Scalars',
    { color: 'CRIMSON' },
    { color: 'RED' },
  ],
];

const defaults = {
  doubleField: 0.0015,
  quoted: 'say "hi"\n',
  escaped: `tab\t'\\ é€ \u0001`,
  numericText: '123',
  booleanText: 'true',
  infiniteText: 'inf',
  shade: 'LIGHT',
  firstShade: 'DARK',
  isOn: true,
  lowest: '-9223372036854775808',
  highest: '9223372036854775807',
  beyondDoubles: '9007199254740993',
  allBits: '18446744073709551615',
  hex: 255,
  plain: '',
  plainLong: '0',
};

promise(
  'R8',
  'Map fields with bool and 64-bit keys, proto2 defaults (doubles, quoted strings, integers beyond 2^53), enum aliases and unknown numbers, snake_case and odd field names read right, on every way.',
  (express) => {
    const all = [
      ...asSent.map(([what, type, sent]) => [what, type, sent, sent] as const),
      ...renamed,
    ];
    test.each(all)('%s', async (_what, type, sent, expected) => {
      const { outcomesOf } = await startBytes(express);
      const outcomes = await outcomesOf(type, bufbuild(fullNameOf(type)).encode(sent));
      for (const outcome of outcomes)
        expect(outcome).toMatchObject({ status: 200, data: expected });
    });

    test('proto2 defaults of fields that are not there', async () => {
      const { outcomesOf } = await startBytes(express);
      for (const outcome of await outcomesOf('Defaults', Buffer.alloc(0))) {
        expect(outcome).toMatchObject({ status: 200, data: defaults });
      }
    });

    test('proto2 fields that are there, and equal to nothing', async () => {
      const sent = { doubleField: 0, quoted: '', isOn: false, lowest: '0', shade: 'DARK' };
      const { outcomesOf } = await startBytes(express);
      const bytes = bufbuild(fullNameOf('Defaults')).encode(sent);
      for (const { data } of await outcomesOf('Defaults', bytes)) expect(data).toMatchObject(sent);
    });
  },
);

promise('R8', 'Args of the same kinds are sent right.', (express) => {
  test.each([
    ['bool keys', 'Maps', { byBool: { true: 'y', false: 'n' } }],
    ['64-bit keys', 'Maps', { byInt64: entriesOf(INT64), byUint64: entriesOf(UINT64) }],
    ['odd names', 'Names', { a_1: 'a', _b: 'b', a_B: 'c', x2y_3z: 'e', ALL_CAPS: 'g' }],
    ['snake case', 'Optionals', { my_note: 'n' }, { myNote: 'n' }],
    ['an alias', 'Scalars', { color: 'CRIMSON' }, { color: 'RED' }],
    ['an enum number', 'Scalars', { color: 2 }, { color: 'GREEN' }],
  ] as [string, TypeName, object, object?][])('%s', async (_what, type, args, expected = args) => {
    const { echo } = await startBytes(express);
    expect(await echo(type, args)).toMatchObject({ status: 200, json: expected });
  });
});
