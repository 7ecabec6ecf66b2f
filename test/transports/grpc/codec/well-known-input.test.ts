import { bufbuild, codecFor, outcomeOf } from './oracles';

const NAME = 'codec.Known';

const TYPE = 'type.googleapis.com/';

const cases: [field: string, values: unknown[]][] = [
  [
    'timestamp',
    [
      ...['1970-01-01T00:00:00Z', '2020-02-29T12:30:00.5Z', '1969-12-31T23:59:59.999999999Z'],
      ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '0000-12-31T23:59:59Z'],
      ...['2020-01-01T00:00:00+02:00', '2020-01-01T00:00:00-14:30', '0001-01-01T00:00:00+01:00'],
      ...['9999-12-31T23:59:59-01:00', '2020-01-01T00:00:00+25:00', '2020-01-01T00:00:00+0100'],
      ...['2020-13-01T00:00:00Z', '2020-01-01T25:00:00Z', '2020-01-01T00:60:00Z'],
      ...['2020-01-01T00:00:60Z', '2020-01-01 00:00:00Z', '2020-01-01T00:00:00', '2020-01-01'],
      ...['2020-01-01t00:00:00z', '2020-01-01T00:00:00.Z', '2020-01-01T00:00:00.1234567890Z'],
      ...['', ' 2020-01-01T00:00:00Z', 0, {}, [], null, { seconds: '1' }],
    ],
  ],
  [
    'duration',
    [
      ...['0s', '1s', '1.5s', '-1.5s', '-0.5s', '0.000000001s', '-0.000000001s', '00.5s'],
      ...['315576000000s', '-315576000000s', '315576000001s', '1', '1.5', 's', '1m', '-s'],
      ...['.5s', '1.s', '+1s', '1e3s', '', ' 1s', 1, {}, [], null, { seconds: '1' }],
    ],
  ],
  ['fieldMask', ['', 'a', 'fooBar,b.cD', 'foo_bar', 'FooBar', 'foo1', 1, {}, [], null]],
  [
    'struct',
    [
      {},
      { a: null, b: 1, c: 'x', d: true, e: [1, [null, {}]], f: { g: {} } },
      JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}'),
      ...[[], 1, 'x', null, true],
    ],
  ],
  ['value', [null, 0, -1.5, '', 'x', true, [], [null], {}, { a: { b: [] } }]],
  ['listValue', [[], [null, 1, 'x', [], {}], {}, 1, null]],
  ['empty', [{}, null, { a: 1 }, []]],
  ['nullValue', [null, 'NULL_VALUE', 0, 'OTHER']],
  ['doubleValue', [0, 1.5, 'NaN', '1.5', null, {}, { value: 1 }, true]],
  ['floatValue', [0, 3.5e38, '-Infinity']],
  ['int64Value', ['0', '9223372036854775807', 12, '9223372036854775808', null, {}]],
  ['uint64Value', ['18446744073709551615', -1]],
  ['int32Value', [0, 2 ** 31, '5', 1.5]],
  ['uint32Value', [2 ** 32 - 1, -1]],
  ['boolValue', [true, false, 'true', 1]],
  ['stringValue', ['', 'x', 1, null]],
  ['bytesValue', ['', 'AA==', '_w', '!', 1]],
  ['timestamps', [['1970-01-01T00:00:00Z'], [null], [{}], []]],
  ['values', [[null, 1, [null]], null, 1]],
  ['int64Values', [['1', 2], [null]]],
  ['nullValues', [[null, 'NULL_VALUE'], [1]]],
  ['durations', [{ a: '1s' }, { a: null }, { a: 1 }]],
  ['valueMap', [{ a: null, b: [] }]],
  ['structs', [{ a: { b: null } }, { a: null }]],
  ['chosenValue', [null, 1]],
  ['chosenNull', [null, 'NULL_VALUE']],
  ['chosenText', [null, '', 'x']],
  ['chosenPlain', [null, 'x']],
  [
    'any',
    [
      {},
      null,
      { '@type': `${TYPE}codec.Scalars`, int32Field: 7, stringField: 'x' },
      { '@type': `${TYPE}codec.Scalars` },
      { '@type': `${TYPE}codec.Scalars`, unknown: 1 },
      { '@type': `${TYPE}google.protobuf.Duration`, value: '1.5s' },
      { '@type': `${TYPE}google.protobuf.Duration`, value: 1 },
      { '@type': `${TYPE}google.protobuf.Duration` },
      { '@type': `${TYPE}google.protobuf.Int64Value`, value: '7' },
      { '@type': `${TYPE}google.protobuf.Value`, value: null },
      { '@type': `${TYPE}google.protobuf.Value`, value: { a: [null] } },
      { '@type': `${TYPE}google.protobuf.Struct`, value: { a: 1 } },
      { '@type': `${TYPE}google.protobuf.Empty` },
      { '@type': `${TYPE}google.protobuf.FieldMask`, value: 'aB,c' },
      {
        '@type': `${TYPE}google.protobuf.Any`,
        value: { '@type': `${TYPE}codec.Scalars`, boolField: true },
      },
      { '@type': `${TYPE}no.such.Type`, value: 'x' },
      { '@type': 1 },
      { '@type': '' },
      { '@type': TYPE },
      { other: 1 },
      ...['x', 1, true, [], [1]],
    ],
  ],
];

describe.each(cases)('%s as ProtoJSON is taken as @bufbuild/protobuf takes it', (field, values) => {
  test.each(values.map((value) => [value]))('%j', (value) => {
    const json = { [field]: value };
    const expected = outcomeOf(NAME, bufbuild(NAME).encode, json);
    expect(outcomeOf(NAME, codecFor(NAME, 'canonical').encode, json)).toEqual(expected);
  });
});
