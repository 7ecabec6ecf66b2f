import { bufbuild, codecFor } from './oracles';

const EMPTY = Buffer.alloc(0);

test.each([
  ['as proto-loader names it', { _b: 'x', a_B: 'y' }],
  ['as the file names it', { _b: 'x', a__b: 'y' }],
  ['as ProtoJSON names it', { B: 'x', aB: 'y' }],
])('a field is taken %s', (_name, value) => {
  const { encode } = codecFor('codec.Names', 'loader');
  expect(bufbuild('codec.Names').decode(encode(value))).toEqual({ B: 'x', aB: 'y' });
});

test('keys without a field, undefined and null are left out', () => {
  const { encode } = codecFor('codec.Scalars', 'loader');
  const value = { other: 1, int32Field: undefined, color: null, scalars: {}, __proto__: { x: 1 } };
  expect(encode(value)).toEqual(EMPTY);
});

test.each([
  ['a bigint', { int64Field: -5n, uint64Field: 2n ** 64n - 1n }],
  [
    'a Long',
    {
      int64Field: { low: -5, high: -1, unsigned: false },
      uint64Field: { low: -1, high: -1, unsigned: true },
    },
  ],
  ['text', { int64Field: '-5', uint64Field: '18446744073709551615' }],
])('64-bit integers may be given as %s', (_name, value) => {
  const { encode, decode } = codecFor('codec.Scalars', 'loader');
  expect(decode(encode(value))).toMatchObject({
    int64Field: '-5',
    uint64Field: '18446744073709551615',
  });
});

test.each([
  ['a Buffer', Buffer.from([1, 255])],
  ['a Uint8Array', Uint8Array.of(1, 255)],
  ['what JSON makes of a Buffer', { type: 'Buffer', data: [1, 255] }],
  ['an array', [1, 255]],
  ['base64', 'Af8='],
  ['base64 for URLs', 'Af8'],
])('bytes may be given as %s', (_name, bytesField) => {
  const { encode, decode } = codecFor('codec.Scalars', 'loader');
  expect(decode(encode({ bytesField })).bytesField).toEqual(Buffer.from([1, 255]));
});

test('what a query string carries as text is taken as number or boolean, numbers as text', () => {
  const { encode, decode } = codecFor('codec.Scalars', 'loader');
  const given = { int32Field: '7', doubleField: '1.5', boolField: 'false', stringField: 12 };
  expect(decode(encode(given))).toMatchObject({
    int32Field: 7,
    doubleField: 1.5,
    boolField: false,
    stringField: '12',
  });
  expect(decode(encode({ boolField: 'true', stringField: true }))).toMatchObject({
    boolField: true,
    stringField: 'true',
  });
});

test('an array with a hole is refused', () => {
  const { encode } = codecFor('codec.Lists', 'loader');
  // eslint-disable-next-line no-sparse-arrays
  expect(() => encode({ int32List: [1, , 3] })).toThrow('int32List.1: expected a 32-bit integer');
});
