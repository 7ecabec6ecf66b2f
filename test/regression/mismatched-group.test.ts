import { codecFor } from '../transports/grpc/codec/oracles';

/** Field 900 begins a group; the end is that of field 901. */
const MISMATCHED = Buffer.from([0xa3, 0x38, 0xac, 0x38]);
const CLOSED = Buffer.from([0xa3, 0x38, 0xa3, 0x38, 8, 1, 0xa4, 0x38, 0xa4, 0x38]);

test.each(['codec.Scalars', 'codec.legacy_types.Groups'])(
  'R2 an unknown group in a %s that ends with the number of another is refused',
  (name) => {
    const { decode, toJson } = codecFor(name, 'loader');
    expect(() => decode(MISMATCHED)).toThrow();
    expect(toJson(MISMATCHED)).toBeUndefined();
    expect(decode(CLOSED)).toEqual(decode(Buffer.alloc(0)));
  },
);
