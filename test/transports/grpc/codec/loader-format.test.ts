import { Writer } from 'protobufjs';
import { bufbuild, codecFor, protoLoader } from './oracles';

const EMPTY = Buffer.alloc(0);

test.each([
  'codec.Scalars',
  'codec.Optionals',
  'codec.Lists',
  'codec.Maps',
  'codec.Choice',
  'codec.Node',
  'codec.Names',
  'codec.Known',
  'codec.legacy_types.Lists',
  'codec.legacy_types.Groups',
  'codec.legacy_types.Extended',
])('an empty %s looks as with proto-loader', (name) => {
  expect(codecFor(name, 'loader').decode(EMPTY)).toEqual(protoLoader(name).decode(EMPTY));
});

test('R8 defaults that a file declares read right, those too that protobufjs misreads', () => {
  expect(codecFor('codec.legacy_types.Defaults', 'loader').decode(EMPTY)).toEqual({
    doubleField: 0.0015,
    infinite: Infinity,
    negativeInfinite: -Infinity,
    notANumber: NaN,
    quoted: 'say "hi"\n',
    escaped: `tab\t'\\ é€ \u0001`,
    numericText: '123',
    booleanText: 'true',
    infiniteText: 'inf',
    data: Buffer.from('abcd'),
    otherData: Buffer.from('é!'),
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
    plainData: EMPTY,
  });
  expect(codecFor('codec.legacy_types.Point', 'loader').decode(Buffer.from([8, 1]))).toEqual({
    x: 1,
    y: -7,
  });
});

test('R8 of enum aliases the first name is read, each is written, and an unknown number stays', () => {
  const codec = codecFor('codec.Scalars', 'loader');
  expect(codec.decode(codec.encode({ color: 'CRIMSON' })).color).toBe('RED');
  expect(codec.decode(codec.encode({ color: 'NEGATIVE' })).color).toBe('NEGATIVE');
  expect(codec.decode(codec.encode({ color: 42 })).color).toBe(42);
});

test('a oneof has the name of the field that came last, and only that field', () => {
  const codec = codecFor('codec.Choice', 'loader');
  const wire = [{ nameText: 'a' }, { big: '5' }, { isSet: false }].map((part) =>
    codec.encode(part),
  );
  const message = codec.decode(Buffer.concat(wire));
  expect(message).toEqual({
    firstChoice: 'big',
    big: '5',
    _second: 'isSet',
    isSet: false,
    outside: '',
  });
  expect(codec.decode(codec.encode(message))).toEqual(message);
});

test('odd field names are those of proto-loader', () => {
  const json = {
    a1: 'a',
    B: 'b',
    aB: 'c',
    FooBar: 'd',
    x2y3z: 'e',
    trailing: 'f',
    ALLCAPS: 'g',
    typeUrl: 'h',
    'other name': 'i',
    constructor: 'j',
    toString: 'k',
    hasOwnProperty: 'l',
    constructor2: ['m'],
    prototype: { n: 'o' },
  };
  const bytes = bufbuild('codec.Names').encode(json);
  const message = codecFor('codec.Names', 'loader').decode(bytes);
  expect(message).toEqual(protoLoader('codec.Names').decode(bytes));
  expect(Object.keys(message)).toEqual(
    expect.arrayContaining([
      'a_1',
      '_b',
      'a_B',
      'FooBar',
      'x2y_3z',
      'trailing_',
      'ALL_CAPS',
      'typeUrl',
    ]),
  );
});

test('extensions are read and written under the names that proto-loader gives them', () => {
  const codec = codecFor('codec.legacy_types.Extended', 'loader');
  const bytes = bufbuild('codec.legacy_types.Extended').encode({
    base: 'b',
    '[codec.legacy_types.extra_text]': 'x',
    '[codec.legacy_types.extra_numbers]': [1, 2],
  });
  const message = codec.decode(bytes);
  expect(message).toEqual(protoLoader('codec.legacy_types.Extended').decode(bytes));
  expect(message['.codec.legacy_types.extraText']).toBe('x');
  expect(codec.decode(codec.encode(message))).toEqual(message);
});

test('fields that the type does not know are passed over, whatever their wire type', () => {
  const writer = Writer.create()
    .uint32((1 << 3) | 0)
    .int32(7);
  writer.uint32((900 << 3) | 0).uint64('18446744073709551615');
  writer.uint32((901 << 3) | 1).double(1);
  writer.uint32((902 << 3) | 2).string('x');
  writer
    .uint32((903 << 3) | 3)
    .uint32((1 << 3) | 0)
    .int32(1)
    .uint32((903 << 3) | 4);
  writer.uint32((904 << 3) | 5).float(1);
  // A known field with a wire type that is not its own.
  writer.uint32((2 << 3) | 2).string('x');
  const { decode } = codecFor('codec.Scalars', 'loader');
  expect(decode(writer.finish())).toEqual({ ...decode(EMPTY), int32Field: 7 });
});

test('packed and loose lists are read in either form', () => {
  const { decode } = codecFor('codec.Lists', 'loader');
  const loose = Buffer.from([(1 << 3) | 0, 1, (1 << 3) | 0, 2]);
  const packed = Writer.create()
    .uint32((18 << 3) | 2)
    .fork()
    .int32(3)
    .int32(4)
    .ldelim()
    .finish();
  expect(decode(Buffer.concat([loose, packed]))).toMatchObject({
    int32List: [1, 2],
    looseInt32List: [3, 4],
  });
});

test('a boolean is true for every varint that is not zero', () => {
  const { decode } = codecFor('codec.Scalars', 'loader');
  const bytes = Writer.create()
    .uint32((13 << 3) | 0)
    .uint64('4294967296')
    .finish();
  expect(decode(bytes).boolField).toBe(true);
});
