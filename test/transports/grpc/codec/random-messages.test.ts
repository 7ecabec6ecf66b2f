import { bufbuild, codecFor, messageDescriptor, protoLoader } from './oracles';
import { createRandom, randomJson } from './random-json';

const MESSAGES = [
  'codec.Scalars',
  'codec.Optionals',
  'codec.Lists',
  'codec.Maps',
  'codec.Choice',
  'codec.Node',
  'codec.Names',
  'codec.Known',
  'codec.edition.Presence',
  'codec.legacy_types.Required',
  'codec.legacy_types.Defaults',
  'codec.legacy_types.Lists',
  'codec.legacy_types.Groups',
];
/** Where protobufjs itself is wrong: 64-bit and bool map keys, infinite defaults. */
const MISREAD = ['codec.Maps', 'codec.legacy_types.Defaults'];

function messagesOf(name: string, count = 50): Buffer[] {
  const random = createRandom(name.length * 7919);
  const { encode } = bufbuild(name);
  return Array.from({ length: count }, () => encode(randomJson(messageDescriptor(name), random)));
}

describe.each(MESSAGES)('random messages of the type %s', (name) => {
  const oracle = bufbuild(name);
  const messages = messagesOf(name);

  test('canonical: read as @bufbuild/protobuf reads them', () => {
    const codec = codecFor(name, 'canonical');
    for (const bytes of messages) expect(codec.decode(bytes)).toEqual(oracle.decode(bytes));
  });

  test('canonical: what is read writes the same message', () => {
    const codec = codecFor(name, 'canonical');
    for (const bytes of messages) {
      const written = codec.encode(codec.decode(bytes));
      expect(oracle.decode(written)).toEqual(oracle.decode(bytes));
    }
  });

  test('loader: what is read writes a message that reads the same', () => {
    const codec = codecFor(name, 'loader');
    for (const bytes of messages) {
      const message = codec.decode(bytes);
      expect(codec.decode(codec.encode(message))).toEqual(message);
    }
  });
});

describe.each(MESSAGES.filter((name) => !MISREAD.includes(name)))(
  'random messages of the type %s beside proto-loader',
  (name) => {
    const codec = codecFor(name, 'loader');
    const loader = protoLoader(name);
    const messages = messagesOf(name);

    test('are read alike', () => {
      for (const bytes of messages) expect(codec.decode(bytes)).toEqual(loader.decode(bytes));
    });

    test('are written alike', () => {
      const { decode } = bufbuild(name);
      for (const bytes of messages) {
        const message = loader.decode(bytes);
        expect(decode(codec.encode(message))).toEqual(decode(loader.encode(message)));
      }
    });
  },
);
