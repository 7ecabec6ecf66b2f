import { create, toBinary } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { Writer } from 'protobufjs';
import { bufbuild, codecFor, messageDescriptor } from './oracles';

const canonical = codecFor('codec.Known', 'canonical');
const oracle = bufbuild('codec.Known');

const anyBytes = toBinary(
  AnySchema,
  create(AnySchema, { typeUrl: 'b/codec.Scalars', value: Uint8Array.of(8, 1) }),
);

function knownBytes(init: object): Uint8Array {
  const schema = messageDescriptor('codec.Known');
  return toBinary(schema, create(schema, init as never));
}

function outcomeOf(decode: () => unknown): unknown {
  try {
    return decode();
  } catch {
    return 'refused';
  }
}

test.each([
  ['an empty message', {}],
  ['the least timestamp', { timestamp: { seconds: -62135596800n } }],
  ['the greatest timestamp', { timestamp: { seconds: 253402300799n, nanos: 999999999 } }],
  ['a timestamp too early', { timestamp: { seconds: -62135596801n } }],
  ['a timestamp too late', { timestamp: { seconds: 253402300800n } }],
  ['negative nanos', { timestamp: { nanos: -1 } }],
  ['too many nanos', { timestamp: { nanos: 1e9 } }],
  ['microseconds', { timestamp: { nanos: 1000 }, duration: { nanos: 120000 } }],
  ['nanoseconds', { timestamp: { nanos: 100 }, duration: { nanos: -1 } }],
  ['a negative duration', { duration: { seconds: -3n, nanos: -500000000 } }],
  ['a duration of mixed signs', { duration: { seconds: 1n, nanos: -1 } }],
  ['a duration too long', { duration: { seconds: 315576000001n } }],
  ['a field mask', { fieldMask: { paths: ['foo_bar', 'b.c_d'] } }],
  ['an empty field mask', { fieldMask: { paths: [] } }],
  ['a path with an upper-case letter', { fieldMask: { paths: ['fooBar'] } }],
  ['a path with a digit after _', { fieldMask: { paths: ['foo_3_bar'] } }],
  ['a path with two underscores', { fieldMask: { paths: ['foo__bar'] } }],
  [
    'empty wrappers',
    { doubleValue: 0, int64Value: 0n, boolValue: false, bytesValue: new Uint8Array() },
  ],
  ['special doubles in wrappers', { doubleValue: NaN, floatValue: -Infinity }],
  ['null values', { nullValue: 0, nullValues: [0, 0] }],
  ['NaN in a Value', { value: { kind: { case: 'numberValue', value: NaN } } }],
  [
    'infinity in a list',
    { listValue: { values: [{ kind: { case: 'numberValue', value: Infinity } }] } },
  ],
  ['-0', { value: { kind: { case: 'numberValue', value: -0 } }, doubleValue: -0 }],
  ['an empty Any', { any: {} }],
  ['an Any of a well-known type', { any: { typeUrl: 'x.y/google.protobuf.Empty' } }],
  ['an Any in an Any', { any: { typeUrl: 'a/google.protobuf.Any', value: anyBytes } }],
])('canonical output of %s is that of @bufbuild/protobuf', (_name, init) => {
  const bytes = knownBytes(init);
  expect(outcomeOf(() => canonical.decode(bytes))).toEqual(outcomeOf(() => oracle.decode(bytes)));
});

test.each([
  ['an unknown type', 'type.googleapis.com/no.such.Type', [1]],
  ['a type of another package', 'type.googleapis.com/Scalars', [8, 1]],
  ['bytes that do not decode', 'type.googleapis.com/codec.Scalars', [8]],
  ['a name of every object', 'type.googleapis.com/constructor', [1]],
  ['a service', 'type.googleapis.com/codec.Probe', [1]],
])('an Any of %s stays type_url and value, both ways', (_name, typeUrl, bytes) => {
  const message = knownBytes({ any: { typeUrl, value: Uint8Array.from(bytes) } });
  const json = canonical.decode(message);
  expect(json).toEqual({
    any: { type_url: typeUrl, value: Buffer.from(bytes).toString('base64') },
  });
  expect(canonical.encode(json)).toEqual(Buffer.from(message));
});

test('a Value with nothing in it reads as null', () => {
  expect(canonical.decode(knownBytes({ value: {}, values: [{}] }))).toEqual({
    value: null,
    values: [null],
  });
});

test('an enum number without a name stays a number, both ways', () => {
  const codec = codecFor('codec.Scalars', 'canonical');
  const bytes = Writer.create()
    .uint32((16 << 3) | 0)
    .int32(-99)
    .finish();
  expect(codec.decode(bytes)).toEqual({ color: -99 });
  expect(codec.encode({ color: -99 })).toEqual(Buffer.from(bytes));
});

test('an extension is named by its full name in brackets', () => {
  const codec = codecFor('codec.legacy_types.Extended', 'canonical');
  const json = {
    base: 'b',
    '[codec.legacy_types.extra_text]': 'x',
    '[codec.legacy_types.extra_numbers]': [1, 2],
    '[codec.legacy_types.extra_message]': { text: 'y' },
  };
  const { encode, decode } = bufbuild('codec.legacy_types.Extended');
  expect(codec.decode(encode(json))).toEqual(json);
  expect(decode(codec.encode(json))).toEqual(json);
});
