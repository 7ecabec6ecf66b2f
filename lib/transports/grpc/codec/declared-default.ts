import { textToBytes } from '../proto-literals';
import type { ValuePlan } from './plan';

const WORDS: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN };

/** The value that a `default` of proto2 or editions means; protobufjs keeps it as it is written. */
export function readDefault(given: unknown, value: ValuePlan): unknown {
  if (given === undefined || given === null || value.kind === 'message') return undefined;
  const text = `${given as string}`;
  if (value.kind === 'enum') {
    const number = value.enum.numbers.get(text);
    return number === undefined ? undefined : value.enum.names.get(number);
  }
  const { type, zero } = value.scalar;
  if (type === 'bytes') return given instanceof Uint8Array ? given : textToBytes(text);
  if (type === 'string') return text;
  if (type === 'bool') return text === 'true';
  return typeof zero === 'number' ? (WORDS[text] ?? Number(given)) : toLongText(given, type);
}

/** A number beyond 2^53 has lost its last digits: what it was rounded to may be out of range. */
function toLongText(given: unknown, type: string): string {
  const integer = BigInt(given as number);
  const isUnsigned = type === 'uint64' || type === 'fixed64';
  const [min, max] = isUnsigned ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  return String(integer < min ? min : integer > max ? max : integer);
}
