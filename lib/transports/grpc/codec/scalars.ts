import type { Long, Reader, Writer } from 'protobufjs';
import { InvalidMessage } from './invalid-message';

/** How one scalar type is read, checked and written. */
export interface Scalar {
  readonly wireType: number;
  /** Of a field that is not set. */
  readonly zero: unknown;
  read(reader: Reader): unknown;
  /** Writes what `check` returned. */
  write(writer: Writer, value: never): void;
  /** The value as it can be written; throws InvalidMessage. */
  check(value: unknown): unknown;
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

function toInteger(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'string') return /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
  // protobufjs's Long, for callers that compute with it.
  const { low, high, unsigned } = (value ?? {}) as Partial<Long>;
  if (typeof low !== 'number' || typeof high !== 'number') return undefined;
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return unsigned ? bits : BigInt.asIntN(64, bits);
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
    wireType,
    zero: 0,
    read: (reader) => reader[method](),
    write: (writer, value) => void writer[method](value),
    check: (value) => Number(checkRange(value, 32, isSigned)),
  };
}

/** 64-bit integers are strings: JavaScript's numbers end at 2^53. */
function integer64(method: LongMethod, wireType: number, isSigned: boolean): Scalar {
  return {
    wireType,
    zero: '0',
    read: (reader) => `${reader[method]() as number}`,
    write: (writer, value) => void writer[method](value),
    check: (value) => String(checkRange(value, 64, isSigned)),
  };
}

const SPECIAL_NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function float(method: 'float' | 'double', wireType: number): Scalar {
  const maxFinite = method === 'float' ? 3.4028235677973366e38 : Number.MAX_VALUE;
  return {
    wireType,
    zero: 0,
    read: (reader) => reader[method](),
    write: (writer, value) => void writer[method](value),
    check(value) {
      const isText = typeof value === 'string' && value.trim() !== '';
      const number = SPECIAL_NUMBERS.get(value) ?? (isText ? Number(value) : value);
      const isNumber =
        typeof number === 'number' && (!Number.isNaN(number) || !isText || value === 'NaN');
      if (!isNumber) throw new InvalidMessage('a number');
      if (Number.isFinite(number) && Math.abs(number) >= maxFinite && method === 'float') {
        throw new InvalidMessage('a 32-bit float');
      }
      return number;
    },
  };
}

const BOOL: Scalar = {
  wireType: VARINT,
  zero: false,
  read: (reader) => reader.bool(),
  write: (writer, value) => void writer.bool(value),
  check(value) {
    if (typeof value !== 'boolean') throw new InvalidMessage('a boolean');
    return value;
  },
};

const STRING: Scalar = {
  wireType: DELIMITED,
  zero: '',
  read: (reader) => reader.string(),
  write: (writer, value) => void writer.string(value),
  check(value) {
    const isScalar =
      typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
    const text = isScalar ? String(value) : value;
    if (typeof text !== 'string' || !text.isWellFormed()) throw new InvalidMessage('a string');
    return text;
  },
};

/** base64 with either alphabet and optional padding (ProtoJSON), or bytes in any JavaScript form. */
function toBytes(value: unknown): Buffer {
  if (typeof value === 'string') {
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) throw new InvalidMessage('base64 text or bytes');
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
  wireType: DELIMITED,
  zero: Buffer.alloc(0),
  // A copy: a slice would keep the whole received message alive.
  read: (reader) => Buffer.from(reader.bytes()),
  write: (writer, value) => void writer.bytes(value),
  check: toBytes,
};

export const SCALARS: ReadonlyMap<string, Scalar> = new Map([
  ['int32', integer32('int32', VARINT, true)],
  ['sint32', integer32('sint32', VARINT, true)],
  ['uint32', integer32('uint32', VARINT, false)],
  ['fixed32', integer32('fixed32', FIXED32, false)],
  ['sfixed32', integer32('sfixed32', FIXED32, true)],
  ['int64', integer64('int64', VARINT, true)],
  ['sint64', integer64('sint64', VARINT, true)],
  ['uint64', integer64('uint64', VARINT, false)],
  ['fixed64', integer64('fixed64', FIXED64, false)],
  ['sfixed64', integer64('sfixed64', FIXED64, true)],
  ['float', float('float', FIXED32)],
  ['double', float('double', FIXED64)],
  ['bool', BOOL],
  ['string', STRING],
  ['bytes', BYTES],
]);
