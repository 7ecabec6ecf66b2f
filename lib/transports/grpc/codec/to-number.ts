import type { Long } from 'protobufjs';

const NUMBER_TEXT = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Undefined for what is no integer; the range is the caller's to check. */
export function toInteger(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string') return fromLong(value);
  if (/^-?\d{1,20}$/.test(value)) return BigInt(value);
  // ProtoJSON allows 1e5 and 1.0 too.
  const number = NUMBER_TEXT.test(value) ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? BigInt(number) : undefined;
}

/** protobufjs's Long, for callers that compute with it. */
function fromLong(value: unknown): bigint | undefined {
  const { low, high, unsigned } = (value ?? {}) as Partial<Long>;
  if (!isHalf(low) || !isHalf(high)) return undefined;
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return unsigned ? bits : BigInt.asIntN(64, bits);
}

function isHalf(value: unknown): value is number {
  return typeof value === 'number' && ((value | 0) === value || value >>> 0 === value);
}

const SPECIAL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** Undefined for text that is no number, or none that a double holds. */
export function textToNumber(text: string): number | undefined {
  const number = NUMBER_TEXT.test(text) ? Number(text) : NaN;
  return SPECIAL_NUMBERS.get(text) ?? (Number.isFinite(number) ? number : undefined);
}
