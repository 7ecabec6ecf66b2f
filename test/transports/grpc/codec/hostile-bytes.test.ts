import { Writer } from 'protobufjs';
import { bufbuild, codecFor, messageDescriptor } from './oracles';
import { createRandom, randomJson } from './random-json';

const FORMATS = ['loader', 'canonical'] as const;
const NAMES = ['codec.Scalars', 'codec.Lists', 'codec.Maps', 'codec.Node', 'codec.Known'];
const EVERY = [...NAMES, 'codec.legacy_types.Groups', 'codec.edition.Presence'];

function decodes(step: () => unknown): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

describe.each(FORMATS)('R2 in the format %s', (format) => {
  test.each(EVERY)('a %s that is cut is refused, unless it is cut between two fields', (name) => {
    const random = createRandom(17);
    const { decode } = codecFor(name, format);
    for (let i = 0; i < 10; i++) {
      const bytes = bufbuild(name)
        .encode(randomJson(messageDescriptor(name), random))
        .subarray(0, 300);
      for (let length = 0; length < bytes.length; length++) {
        const cut = bytes.subarray(0, length);
        if (decodes(() => decode(cut))) expect(endsBetweenFields(cut)).toBe(true);
      }
    }
  });

  test.each(EVERY)('garbage for a %s throws or reads, and never does anything else', (name) => {
    const random = createRandom(name.length);
    const { decode } = codecFor(name, format);
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      const bytes = Buffer.from(Array.from({ length: random.below(64) }, () => random.below(256)));
      if (!decodes(() => decode(bytes))) refused++;
    }
    expect(refused).toBeGreaterThan(1000);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test.each(EVERY)('a %s with a changed byte throws or reads', (name) => {
    const random = createRandom(23);
    const { decode } = codecFor(name, format);
    const bytes = bufbuild(name).encode(randomJson(messageDescriptor(name), random));
    for (let i = 0; i < 2000; i++) {
      const changed = Buffer.from(bytes);
      changed[random.below(bytes.length)] = random.below(256);
      decodes(() => decode(changed));
    }
    expect(decodes(() => decode(bytes))).toBe(true);
  });

  test.each([
    ['the field number 0', [0, 0]],
    ['a wire type that does not exist', [(1 << 3) | 6, 0]],
    ['the end of a group that was not begun', [(1 << 3) | 4]],
    ['a group that is not closed', [155, 6]],
    ['a varint that never ends', [8, ...Array<number>(20).fill(255)]],
    ['a length beyond the end', [(14 << 3) | 2, 5, 65]],
    ['a length near 2^32', [(14 << 3) | 2, 255, 255, 255, 255, 15, 65]],
    ['a 64-bit varint cut after four bytes', [(6 << 3) | 0, 128, 128, 128, 128]],
    ['a 64-bit varint cut after three bytes', [(6 << 3) | 0, 128, 128, 128]],
    ['a boolean cut after four bytes', [(13 << 3) | 0, 128, 128, 128, 128]],
    ['a fixed field that is cut', [(4 << 3) | 5, 0, 0, 0]],
  ])('%s is refused', (_name, bytes) => {
    expect(decodes(() => codecFor('codec.Scalars', format).decode(Buffer.from(bytes)))).toBe(false);
  });

  test.each([
    ['longer than it says', [10, 2, 8, 129, 1]],
    ['shorter than the key in it', [98, 3, 10, 9, 97, 98, 0]],
    ['beyond the end', [98, 9, 10, 1, 97]],
  ])('a map entry %s is refused', (_name, bytes) => {
    expect(decodes(() => codecFor('codec.Maps', format).decode(Buffer.from(bytes)))).toBe(false);
  });

  test('a packed list that is cut is refused', () => {
    const { decode } = codecFor('codec.Lists', format);
    expect(decodes(() => decode(Buffer.from([(1 << 3) | 2, 3, 1, 2])))).toBe(false);
    expect(decodes(() => decode(Buffer.from([(1 << 3) | 2, 2, 1, 129, 1])))).toBe(false);
  });

  test('R3 at most 100 levels are read, groups and map values too', () => {
    const nest = (levels: number) => {
      let bytes: Uint8Array = Buffer.alloc(0);
      for (let i = 0; i < levels; i++) bytes = Writer.create().uint32(18).bytes(bytes).finish();
      return bytes;
    };
    const { decode } = codecFor('codec.Node', format);
    expect(decodes(() => decode(nest(100)))).toBe(true);
    expect(decodes(() => decode(nest(101)))).toBe(false);
    expect(decodes(() => decode(nest(20_000)))).toBe(false);
    const groups = Buffer.alloc(100_000, (6 << 3) | 3);
    expect(decodes(() => codecFor('codec.edition.Presence', format).decode(groups))).toBe(false);
    expect(decodes(() => decode(Buffer.alloc(100_000, (9 << 3) | 3)))).toBe(false);
  });

  test('the limit is the one that is configured', () => {
    const bytes = codecFor('codec.Node', format).encode({ left: { left: { left: {} } } });
    expect(decodes(() => codecFor('codec.Node', format, 3).decode(bytes))).toBe(true);
    expect(decodes(() => codecFor('codec.Node', format, 2).decode(bytes))).toBe(false);
  });

  test('a required field that is not there is refused', () => {
    const { decode } = codecFor('codec.legacy_types.Required', format);
    expect(() => decode(Buffer.from([10, 1, 65]))).toThrow('point is not set');
    expect(() => decode(Buffer.from([10, 1, 65, 18, 0]))).toThrow('x is not set');
    expect(decodes(() => decode(Buffer.from([10, 1, 65, 18, 2, 8, 1])))).toBe(true);
  });

  test('text that is no UTF-8 is read with replacement characters', () => {
    const { decode } = codecFor('codec.Scalars', format);
    expect(decode(Buffer.from([(14 << 3) | 2, 2, 65, 255])).stringField).toBe('A\ufffd');
  });

  test('bytes of a message are copied out of what was received', () => {
    const received = Buffer.from([(15 << 3) | 2, 1, 7]);
    const { bytesField } = codecFor('codec.Scalars', 'loader').decode(received);
    received.fill(0);
    expect(bytesField).toEqual(Buffer.from([7]));
  });
});

/** Reads the tags and lengths of the outermost fields, as the wire format has them. */
function endsBetweenFields(bytes: Buffer): boolean {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return -1n;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  let depth = 0;
  while (at < bytes.length) {
    const tag = varint();
    if (tag < 0n) return false;
    const wireType = Number(tag & 7n);
    if (wireType === 0 && varint() < 0n) return false;
    if (wireType === 1) at += 8;
    if (wireType === 5) at += 4;
    if (wireType === 3) depth++;
    if (wireType === 4) depth--;
    if (wireType === 2) {
      const length = varint();
      if (length < 0n) return false;
      at += Number(length);
    }
  }
  return at === bytes.length && depth === 0;
}
