import { util } from 'protobufjs';
import type { Long } from 'protobufjs';
import type { Scalar } from './scalars';

/** Options of proto-loader that say what messages look like. */
export interface LoaderOptions {
  /** `String`, `Number`; anything else gives Long objects. */
  readonly longs?: unknown;
  /** `String`; anything else gives numbers. */
  readonly enums?: unknown;
  /** `String` (base64), `Array`; anything else gives Buffers. */
  readonly bytes?: unknown;
  /** Unset fields are there, with their defaults. */
  readonly defaults?: boolean;
  /** Unset lists are there, also without `defaults`. */
  readonly arrays?: boolean;
  /** Unset maps are there, also without `defaults`. */
  readonly objects?: boolean;
  /** The name of the chosen field stands under the name of its oneof. */
  readonly oneofs?: boolean;
}

export const DEFAULT_LOADER_OPTIONS: LoaderOptions = {
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
};

/** How a scalar looks; the decoder gives 64-bit integers as text and bytes as Buffers. */
export function compileScalarOutput({ longs, bytes }: LoaderOptions) {
  if (longs === String && bytes === undefined) return (value: unknown) => value;
  return (value: unknown, { type }: Scalar): unknown => {
    if (type === 'bytes') return toBytes(value as Buffer, bytes);
    return type.endsWith('64') ? toLong(value as string, longs, /^u|^f/.test(type)) : value;
  };
}

/** The class that protobufjs has found; its types leave the static members out. */
const LongClass = util.Long as unknown as {
  fromString(text: string, isUnsigned: boolean): Long;
};

function toLong(text: string, longs: unknown, isUnsigned: boolean): unknown {
  if (longs === String) return text;
  return longs === Number ? Number(text) : LongClass.fromString(text, isUnsigned);
}

function toBytes(buffer: Buffer, bytes: unknown): unknown {
  if (bytes === String) return buffer.toString('base64');
  return bytes === Array ? [...buffer] : buffer;
}
