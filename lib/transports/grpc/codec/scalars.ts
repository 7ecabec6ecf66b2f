import type { Long, Reader, Writer } from 'protobufjs';
import { InvalidMessage } from './invalid-message';
import { textToNumber, toInteger } from './to-number';
import { DELIMITED, FIXED32, FIXED64, VARINT } from './wire-types';

/** How one scalar type is read, checked and written. */
export interface Scalar {
  /** As proto files name it. */
  readonly type: string;
  readonly wireType: number;
  /** Of a field that is not set. */
  readonly zero: unknown;
  read(reader: Reader): unknown;
  /** Writes what `check` returned. */
  write(writer: Writer, value: never): void;
  /** The value as it can be written; throws InvalidMessage. */
  check(value: unknown): unknown;
}

function checkRange(value: unknown, bits: 32 | 64, isSigned: boolean): bigint {
  const integer = toInteger(value);
  const fits = (n: bigint) => (isSigned ? BigInt.asIntN(bits, n) : BigInt.asUintN(bits, n)) === n;
  if (integer === undefined || !fits(integer)) {
    throw new InvalidMessage(`${isSigned ? 'a' : 'an unsigned'} ${bits}-bit integer`);
  }
  return integer;
}

type Method = 'int32' | 'uint32' | 'sint32' | 'fixed32' | 'sfixed32';
type LongMethod = 'int64' | 'uint64' | 'sint64' | 'fixed64' | 'sfixed64';

function integer32(method: Method, wireType: number, isSigned: boolean): Scalar {
  return {
    type: method,
    wireType,
    zero: 0,
    read: (reader) => reader[method](),
    write: (writer, value) => void writer[method](value),
    check(value) {
      // Of anything but a number, the operators would ask for a text first.
      const isInRange = typeof value === 'number' && (isSigned ? value | 0 : value >>> 0) === value;
      return isInRange ? value : Number(checkRange(value, 32, isSigned));
    },
  };
}

/** 64-bit integers are strings: JavaScript's numbers end at 2^53. */
function integer64(method: LongMethod, wireType: number, isSigned: boolean): Scalar {
  return {
    type: method,
    wireType,
    zero: '0',
    read(reader) {
      const value: unknown = wireType === VARINT ? readVarint64(reader, method) : reader[method]();
      return String(value);
    },
    write: (writer, value) => void writer[method](value),
    check(value) {
      // What a double holds is written many times faster than text.
      if (Number.isSafeInteger(value) && (isSigned || (value as number) >= 0)) return value;
      const integer = checkRange(value, 64, isSigned);
      const number = Number(integer);
      return Number.isSafeInteger(number) ? number : String(integer);
    },
  };
}

/** protobufjs takes four bytes at the end of a message for a whole varint, finished or not. */
function readVarint64(reader: Reader, method: LongMethod): Long {
  const value = reader[method]();
  if (((reader.buf[reader.pos - 1] ?? 0) & 128) !== 0) throw new Error('a varint is cut');
  return value;
}

function float(method: 'float' | 'double', wireType: number): Scalar {
  const maxFinite = method === 'float' ? 3.4028235677973366e38 : Number.MAX_VALUE;
  return {
    type: method,
    wireType,
    zero: 0,
    read: (reader) => reader[method](),
    write: (writer, value) => void writer[method](value),
    check(value) {
      const number = typeof value === 'string' ? textToNumber(value) : value;
      if (typeof number !== 'number') throw new InvalidMessage('a number');
      if (Number.isFinite(number) && Math.abs(number) >= maxFinite && method === 'float') {
        throw new InvalidMessage('a 32-bit float');
      }
      return number;
    },
  };
}

const BOOL: Scalar = {
  type: 'bool',
  wireType: VARINT,
  zero: false,
  // A boolean may come as any varint, and the low half of a long one may be zero.
  read(reader) {
    const { low, high } = readVarint64(reader, 'uint64');
    return (low | high) !== 0;
  },
  write: (writer, value) => void writer.bool(value),
  check(value) {
    if (typeof value !== 'boolean') throw new InvalidMessage('a boolean');
    return value;
  },
};

const STRING: Scalar = {
  type: 'string',
  wireType: DELIMITED,
  zero: '',
  // Not `reader.string()`, which takes what is left where the message is cut.
  read(reader) {
    const length = reader.uint32();
    const start = reader.pos;
    if (length > reader.len - start) throw new RangeError('a string is cut');
    reader.pos = start + length;
    return (reader.buf as Buffer).toString('utf8', start, reader.pos);
  },
  write: (writer, value) => void writer.string(value),
  check(value) {
    if (typeof value !== 'string' || !value.isWellFormed()) throw new InvalidMessage('a string');
    return value;
  },
};

/** base64 with either alphabet and optional padding (ProtoJSON), or bytes in any JavaScript form. */
function toBytes(value: unknown): Buffer {
  if (typeof value === 'string') {
    const [, digits = '', padding = ''] = /^([A-Za-z0-9+/_-]*)(={0,2})$/.exec(value) ?? [
      value,
      'x',
    ];
    const isWhole = digits.length % 4 !== 1 && (padding === '' || value.length % 4 === 0);
    if (!isWhole) throw new InvalidMessage('base64 text or bytes');
    return Buffer.from(value, 'base64');
  }
  if (value instanceof Uint8Array) return Buffer.from(value);
  // What JSON makes of a Buffer.
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
  const list: unknown = type === 'Buffer' ? data : value;
  const isByte = (item: unknown) =>
    Number.isInteger(item) && (item as number) >= 0 && (item as number) < 256;
  if (Array.isArray(list) && list.every(isByte)) return Buffer.from(list as number[]);
  throw new InvalidMessage('base64 text or bytes');
}

const BYTES: Scalar = {
  type: 'bytes',
  wireType: DELIMITED,
  zero: Buffer.alloc(0),
  // A copy: a slice would keep the whole received message alive.
  read: (reader) => Buffer.from(reader.bytes()),
  write: (writer, value) => void writer.bytes(value),
  check: toBytes,
};

const ALL: readonly Scalar[] = [
  integer32('int32', VARINT, true),
  integer32('sint32', VARINT, true),
  integer32('uint32', VARINT, false),
  integer32('fixed32', FIXED32, false),
  integer32('sfixed32', FIXED32, true),
  integer64('int64', VARINT, true),
  integer64('sint64', VARINT, true),
  integer64('uint64', VARINT, false),
  integer64('fixed64', FIXED64, false),
  integer64('sfixed64', FIXED64, true),
  float('float', FIXED32),
  float('double', FIXED64),
  BOOL,
  STRING,
  BYTES,
];

export const SCALARS: ReadonlyMap<string, Scalar> = new Map(
  ALL.map((scalar) => [scalar.type, scalar]),
);
