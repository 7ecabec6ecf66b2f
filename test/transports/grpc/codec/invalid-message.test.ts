import { InvalidMessage } from '../../../../lib/transports/grpc/codec/invalid-message';
import { codecFor } from './oracles';

function refusalOf(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidMessage);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

const both: [message: string, value: unknown, refusal: string][] = [
  ['Scalars', { int32Field: 2 ** 31 }, 'int32Field: expected a 32-bit integer'],
  ['Scalars', { int32Field: -(2 ** 31) - 1 }, 'int32Field: expected a 32-bit integer'],
  ['Scalars', { int32Field: 1.5 }, 'int32Field: expected a 32-bit integer'],
  ['Scalars', { int32Field: NaN }, 'int32Field: expected a 32-bit integer'],
  ['Scalars', { sint32Field: '2147483648' }, 'sint32Field: expected a 32-bit integer'],
  ['Scalars', { uint32Field: -1 }, 'uint32Field: expected an unsigned 32-bit integer'],
  ['Scalars', { fixed32Field: 2 ** 32 }, 'fixed32Field: expected an unsigned 32-bit integer'],
  ['Scalars', { sfixed32Field: {} }, 'sfixed32Field: expected a 32-bit integer'],
  ['Scalars', { int64Field: 2 ** 63 }, 'int64Field: expected a 64-bit integer'],
  ['Scalars', { int64Field: 2n ** 63n }, 'int64Field: expected a 64-bit integer'],
  ['Scalars', { int64Field: '9'.repeat(30) }, 'int64Field: expected a 64-bit integer'],
  ['Scalars', { int64Field: { low: 2 ** 32, high: 0 } }, 'int64Field: expected a 64-bit integer'],
  [
    'Scalars',
    { uint64Field: { low: -1, high: -1, unsigned: false } },
    'uint64Field: expected an unsigned 64-bit integer',
  ],
  [
    'Scalars',
    { uint64Field: '18446744073709551616' },
    'uint64Field: expected an unsigned 64-bit integer',
  ],
  ['Scalars', { floatField: 3.5e38 }, 'floatField: expected a 32-bit float'],
  ['Scalars', { doubleField: '1e309' }, 'doubleField: expected a number'],
  ['Scalars', { doubleField: [] }, 'doubleField: expected a number'],
  ['Scalars', { boolField: 1 }, 'boolField: expected a boolean'],
  ['Scalars', { stringField: {} }, 'stringField: expected a string'],
  ['Scalars', { stringField: '\udc00' }, 'stringField: expected a string'],
  ['Scalars', { bytesField: 'not base64!' }, 'bytesField: expected base64 text or bytes'],
  ['Scalars', { bytesField: [1, 256] }, 'bytesField: expected base64 text or bytes'],
  ['Scalars', { color: 'PINK' }, 'color: expected a name or number of codec.Color'],
  ['Scalars', { color: 'constructor' }, 'color: expected a name or number of codec.Color'],
  ['Scalars', { color: 2 ** 31 }, 'color: expected a name or number of codec.Color'],
  ['Lists', { int32List: 1 }, 'int32List: expected an array'],
  ['Lists', { int32List: { 0: 1 } }, 'int32List: expected an array'],
  ['Lists', { int32List: [0, 2 ** 31] }, 'int32List.1: expected a 32-bit integer'],
  ['Lists', { stringList: ['a', null] }, 'stringList.1: expected a string'],
  [
    'Lists',
    { scalarsList: [{}, { color: 'X' }] },
    'scalarsList.1.color: expected a name or number of codec.Color',
  ],
  ['Lists', { scalarsList: [null] }, 'scalarsList.0: expected an object (codec.Scalars)'],
  ['Maps', { byInt32: [] }, 'byInt32: expected an object'],
  ['Maps', { byInt32: { 2147483648: '' } }, 'byInt32.2147483648: expected a 32-bit integer'],
  ['Maps', { byBool: { yes: '' } }, 'byBool.yes: expected a boolean'],
  [
    'Maps',
    { scalarsValues: { a: { int32Field: [] } } },
    'scalarsValues.a.int32Field: expected a 32-bit integer',
  ],
  ['Node', { left: { left: { left: 1 } } }, 'left.left.left: expected an object (codec.Node)'],
  ['Node', { left: [] }, 'left: expected an object (codec.Node)'],
  ['Choice', { nameText: 'a', big: 1 }, 'big: expected nothing, because nameText is set too'],
  ['Names', { a_1: 'x', a1: 'y' }, 'a1: expected the field only once'],
  ['legacy_types.Required', { name: 'x' }, 'point: expected a value'],
  ['legacy_types.Required', { name: 'x', point: {} }, 'point.x: expected a value'],
];

describe.each(['loader', 'canonical'] as const)('I8 in the format %s', (format) => {
  test.each(both)('%s %p is refused: %s', (name, value, refusal) => {
    expect(refusalOf(() => codecFor(`codec.${name}`, format).encode(value))).toBe(refusal);
  });

  test.each([[null], [undefined], [[]], ['text'], [1], [true]])(
    'a message may not be %p',
    (value) => {
      expect(refusalOf(() => codecFor('codec.Scalars', format).encode(value))).toBe(
        'expected an object (codec.Scalars)',
      );
    },
  );

  test('text of a million digits is refused like a short one', () => {
    const digits = `${'1'.repeat(1_000_000)}x`;
    const { encode } = codecFor('codec.Scalars', format);
    expect(refusalOf(() => encode({ doubleField: digits }))).toBe('doubleField: expected a number');
    expect(refusalOf(() => encode({ int64Field: digits }))).toContain('a 64-bit integer');
  });

  test('R3 at most 100 levels of nesting are written', () => {
    const { encode } = codecFor('codec.Node', format);
    const nest = (levels: number) => {
      let value: object = {};
      for (let i = 0; i < levels; i++) value = { left: value };
      return value;
    };
    expect(encode(nest(100)).length).toBeGreaterThan(100);
    expect(refusalOf(() => encode(nest(101)))).toContain('expected at most 100 levels of nesting');
    expect(refusalOf(() => encode(nest(50_000)))).toContain('at most 100 levels');
  });
});

const canonical: [value: unknown, refusal: string][] = [
  [{ nothing: 1 }, 'nothing: expected a field of codec.Known'],
  [{ scalars: { nothing: 1 } }, 'scalars.nothing: expected a field of codec.Scalars'],
  [{ timestamp: 'now' }, 'timestamp: expected an RFC 3339 time such as 2020-01-31T12:30:00Z'],
  [{ timestamps: [null] }, 'timestamps.0: expected a value (google.protobuf.Timestamp)'],
  [{ durations: { a: '1m' } }, 'durations.a: expected a duration in seconds such as 1.5s'],
  [{ fieldMask: 'a_b' }, 'fieldMask: expected field paths in lowerCamelCase'],
  [{ struct: { a: [1, { b: () => 1 }] } }, 'struct.a.1.b: expected a JSON value'],
  [{ struct: { a: NaN } }, 'struct.a: expected a JSON value'],
  [{ listValue: [1n] }, 'listValue.0: expected a JSON value'],
  [{ int32Value: 'x' }, 'int32Value: expected a 32-bit integer'],
  [{ any: { '@type': 'x/codec.Nothing' } }, 'any.@type: expected a known type'],
  [{ any: { '@type': 5 } }, 'any.@type: expected a type URL'],
  [{ any: { '@type': 'x/codec.Node', left: { label: {} } } }, 'any.left.label: expected a string'],
];

test.each(canonical)('I8 canonical input %p is refused: %s', (value, refusal) => {
  expect(refusalOf(() => codecFor('codec.Known', 'canonical').encode(value))).toBe(refusal);
});

test.each(['loader', 'canonical'] as const)(
  'R3 Anys in Anys count as levels in the format %s',
  (format) => {
    let any: object = { '@type': 'x/codec.Scalars' };
    for (let i = 0; i < 5000; i++) any = { '@type': 'x/codec.Known', any };
    const { encode } = codecFor('codec.Known', format);
    expect(refusalOf(() => encode({ any }))).toContain('at most 100 levels of nesting');
  },
);
