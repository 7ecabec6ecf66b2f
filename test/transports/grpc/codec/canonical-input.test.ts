import { bufbuild, codecFor, outcomeOf } from './oracles';

const scalars: [field: string, values: unknown[]][] = [
  ['int32Field', [0, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 1.5, '7', '-7', '1e3', '1.0', '', ' 1']],
  ['int32Field', ['x', '1x', true, null, [], {}, [1], '0x']],
  ['sint32Field', [-(2 ** 31), -(2 ** 31) - 1, '2147483648']],
  ['uint32Field', [0, -1, 2 ** 32 - 1, 2 ** 32, '4294967295', '-0']],
  ['fixed32Field', [2 ** 32 - 1, 2 ** 32]],
  ['sfixed32Field', [-(2 ** 31), 2 ** 31]],
  ['int64Field', ['9223372036854775807', '9223372036854775808', '-9223372036854775808', 12, 1.5]],
  ['int64Field', ['-9223372036854775809', '', 'x', true, {}, []]],
  ['uint64Field', ['18446744073709551615', '18446744073709551616', '-1', -1, 5, '05']],
  ['fixed64Field', ['18446744073709551615', '18446744073709551616']],
  ['sint64Field', ['-9223372036854775808', '9223372036854775808']],
  ['sfixed64Field', ['-9223372036854775808', '9223372036854775808']],
  ['floatField', ['NaN', 'Infinity', '-Infinity', '1.5', 1.5, -0, 3.4028234e38, 3.5e38, -3.5e38]],
  ['floatField', ['', ' 1', 'nan', 'inf', 'INFINITY', true, [], '3.5e38', 1e-50]],
  ['doubleField', [1e308, '1e308', '1e309', 'NaN', '-Infinity', -0, '-0', 5e-324, '1,5', '1.5x']],
  ['boolField', [true, false, 'true', 'false', 0, 1, null, '']],
  ['stringField', ['', 'x', 'ключ😀', 1, true, null, {}, [], '\ud800']],
  ['bytesField', ['', 'AA==', 'AA', '-_8=', '+/8=', '-_8', 'A', 'é', 1, {}, null]],
  ['color', ['RED', 'CRIMSON', 'red', '1', '', 1, 2, -1, 99, 2 ** 31, 1.5, true, null, {}]],
  ['unknownField', [1, null]],
  ['string_field', ['by its proto name']],
];

describe.each(scalars)('canonical input of %s agrees with @bufbuild/protobuf', (field, values) => {
  test.each(values.map((value) => [value]))('%p', (value) => {
    const json = { [field]: value };
    const expected = outcomeOf('codec.Scalars', bufbuild('codec.Scalars').encode, json);
    const codec = codecFor('codec.Scalars', 'canonical');
    expect(outcomeOf('codec.Scalars', codec.encode, json)).toEqual(expected);
  });
});

const shapes: [message: string, values: unknown[]][] = [
  ['codec.Scalars', [null, [], 'x', 1, undefined, {}, { color: null, int32Field: null }]],
  [
    'codec.Lists',
    [
      { int32List: [1, 2, 3] },
      { int32List: null },
      { int32List: [null] },
      { int32List: {} },
      { int32List: 1 },
      { stringList: ['', 'a'] },
      { bytesList: ['', 'AA=='] },
      { colorList: ['RED', 2] },
      { colorList: [null] },
      { scalarsList: [{}, { int32Field: 1 }] },
      { scalarsList: [null] },
      { looseInt32List: [1, 2], looseSint64List: ['-1'], looseColorList: ['GREEN'] },
    ],
  ],
  [
    'codec.Maps',
    [
      { byInt32: { '-1': 'a' }, byUint64: { '18446744073709551615': 'b' }, byBool: { true: 'c' } },
      { byBool: { yes: 'x' } },
      { byBool: { '1': 'x' } },
      { byUint32: { '-1': 'x' } },
      { byInt64: { '9223372036854775808': 'x' } },
      { byInt32: { '': 'x' } },
      { byInt32: [] },
      { byInt32: null },
      { byString: { a: null } },
      { scalarsValues: { a: null } },
      { colorValues: { a: 'RED', b: 7 } },
      { colorValues: { a: 'PINK' } },
      { nodeValues: { false: { label: 'x' } } },
    ],
  ],
  [
    'codec.Choice',
    [
      { nameText: '' },
      { nameText: 'a', big: '1' },
      { nameText: 'a', big: null },
      { nameText: null },
      { color: 'RED' },
      { scalars: {}, outside: 'x' },
      { isSet: false, nameText: 'x' },
      { first_choice: 'nameText' },
    ],
  ],
  ['codec.Names', [{ a_1: 'x' }, { a1: 'x' }, { B: 'x' }, { aB: 'x' }, { a_B: 'x' }, { b: 'x' }]],
  ['codec.Names', [{ renamed: 'x' }, { 'other name': 'x' }, { typeUrl: 'x', type_url: 'y' }]],
  ['codec.legacy_types.Groups', [{ singlegroup: { innerName: 'x' } }, { singleGroup: {} }]],
  ['codec.legacy_types.Extended', [{ '[codec.legacy_types.extra_text]': 'x' }, { extraText: 'x' }]],
];

describe.each(shapes)('canonical input of %s agrees with @bufbuild/protobuf', (name, values) => {
  test.each(values.map((value) => [value]))('%j', (json) => {
    const expected = outcomeOf(name, bufbuild(name).encode, json);
    expect(outcomeOf(name, codecFor(name, 'canonical').encode, json)).toEqual(expected);
  });
});

test.each([
  ['int64Field', ' 1', 'refused'],
  ['int64Field', '1e3', { int64Field: '1000' }],
  ['bytesField', '=', 'refused'],
  ['bytesField', 'A===', 'refused'],
  ['bytesField', Buffer.from([255]), { bytesField: '/w==' }],
  ['bytesField', [255], { bytesField: '/w==' }],
  ['bytesField', [256], 'refused'],
  ['doubleField', NaN, { doubleField: 'NaN' }],
  ['doubleField', Infinity, { doubleField: 'Infinity' }],
])('stricter or kinder than @bufbuild/protobuf: %s %p', (field, value, expected) => {
  const { encode } = codecFor('codec.Scalars', 'canonical');
  expect(outcomeOf('codec.Scalars', encode, { [field]: value })).toEqual(expected);
});

test('a json_name that is the name of another field goes to the field that has it as json_name', () => {
  const bytes = codecFor('codec.Swapped', 'canonical').encode({ one: 'json', two: 'name' });
  expect(codecFor('codec.Swapped', 'loader').decode(bytes)).toEqual({ one: 'name', two: 'json' });
});
