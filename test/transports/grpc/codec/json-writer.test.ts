import { Writer } from 'protobufjs';
import { bufbuild, codecFor, messageDescriptor } from './oracles';
import { createRandom, randomJson } from './random-json';

/** Types that are written as text straight from their bytes. */
const PLAIN = [
  'codec.Scalars',
  'codec.Optionals',
  'codec.Lists',
  'codec.Maps',
  'codec.Choice',
  'codec.Node',
  'codec.Names',
  'codec.legacy_types.Defaults',
  'codec.legacy_types.Lists',
];
/** Types with an Any, with groups, with required fields. */
const OTHERS = ['codec.Known', 'codec.legacy_types.Groups', 'codec.legacy_types.Required'];

function randomMessages(name: string, count = 200): Buffer[] {
  const random = createRandom(name.length * 31);
  const { encode } = bufbuild(name);
  return Array.from({ length: count }, () => encode(randomJson(messageDescriptor(name), random)));
}

/** What an HTTP answer says of a decoded message. */
const toText = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe.each(PLAIN)('the JSON of a %s', (name) => {
  const { decode, toJson } = codecFor(name, 'loader');

  test('says what the decoded message says', () => {
    let written = 0;
    for (const bytes of [Buffer.alloc(0), ...randomMessages(name)]) {
      const json = toJson(bytes);
      if (json === undefined) continue;
      written++;
      expect(JSON.parse(json)).toEqual(toText(decode(bytes)));
    }
    expect(written).toBeGreaterThan(100);
  });

  test('is not written for bytes that do not decode', () => {
    const random = createRandom(name.length);
    for (const bytes of randomMessages(name, 40)) {
      for (let i = 0; i < 50; i++) {
        const changed = Buffer.from(bytes.subarray(0, random.below(bytes.length + 1)));
        if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
        const json = toJson(changed);
        if (json !== undefined) expect(JSON.parse(json)).toEqual(toText(decode(changed)));
      }
    }
  });

  test('is left to another format', () => {
    expect(codecFor(name, 'canonical').toJson(Buffer.alloc(0))).toBeUndefined();
  });
});

test.each(OTHERS)('a %s is left to the decoder', (name) => {
  expect(codecFor(name, 'loader').toJson(Buffer.alloc(0))).toBeUndefined();
});

const text = (number: number, value: string) => (writer: Writer) =>
  writer.uint32((number << 3) | 2).string(value);
const bytes = (number: number, value: Uint8Array) => (writer: Writer) =>
  writer.uint32((number << 3) | 2).bytes(value);

function message(...fields: ((writer: Writer) => Writer)[]): Buffer {
  const writer = Writer.create();
  for (const field of fields) field(writer);
  return Buffer.from(writer.finish());
}

const STRING = messageDescriptor('codec.Scalars').fields.find((field) => {
  return field.fieldKind === 'scalar' && field.name.includes('string');
})!;

test.each([
  ['plain', 'tea'],
  ['quotes and backslashes', '"\\'],
  ['controls', '\u0000\n\u001f\u007f'],
  ['beyond ASCII', 'чай 茶 🍵 \u2028'],
  ['longer than the first buffer', '"'.repeat(100_000)],
])('a string of %s', (_kind, value) => {
  const { decode, toJson } = codecFor('codec.Scalars', 'loader');
  const sent = message(text(STRING.number, value));
  expect(toJson(sent)).toContain(JSON.stringify(value));
  expect(JSON.parse(toJson(sent) ?? '')).toEqual(toText(decode(sent)));
});

test('bytes that are no UTF-8 read as the decoder reads them', () => {
  const { decode, toJson } = codecFor('codec.Scalars', 'loader');
  const sent = message(bytes(STRING.number, Buffer.from([0x61, 0xff, 0xed, 0xa0, 0x80])));
  expect(JSON.parse(toJson(sent) ?? '')).toEqual(toText(decode(sent)));
});

test.each([
  ['a field that comes twice', message(text(STRING.number, 'a'), text(STRING.number, 'b'))],
  [
    'fields in another order',
    message(text(STRING.number, 'a'), (writer) => writer.uint32(8).int32(1)),
  ],
])('%s is left to the decoder', (_kind, sent) => {
  expect(codecFor('codec.Scalars', 'loader').toJson(sent)).toBeUndefined();
});

test('a message nested too deep is left to the decoder, which refuses it', () => {
  const { decode, toJson } = codecFor('codec.Node', 'loader', 3);
  const child = messageDescriptor('codec.Node').fields.find(
    ({ message: type }) => type?.typeName === 'codec.Node',
  )!;
  let nested: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 3; depth++) nested = message(bytes(child.number, nested));
  expect(toJson(nested)).toBeDefined();
  nested = message(bytes(child.number, nested));
  expect(toJson(nested)).toBeUndefined();
  expect(() => decode(nested)).toThrow('nested deeper');
});
