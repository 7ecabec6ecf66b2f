import type { Codec } from './codec/codec';

type Message = Record<string, unknown>;

/** Fields of long-running operations whose Any values are decoded without being asked for. */
export const ALWAYS_DECODED = ['metadata', 'response', 'error.details'];
const MAX_DEPTH = 100;

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}

function isAny(value: unknown): value is { type_url: string; value: Buffer } {
  return (
    isMessage(value) && typeof value['type_url'] === 'string' && Buffer.isBuffer(value['value'])
  );
}

/** Decodes Any values at dotted paths (a last `*` means every member), and those inside of them. */
export function decodeAnyAt(
  message: unknown,
  paths: readonly (readonly string[])[],
  codec: Codec,
): unknown {
  if (isMessage(message)) for (const path of paths) decodeAt(message, path, codec);
  return message;
}

function decodeAt(parent: Message, [name, ...rest]: readonly string[], codec: Codec): void {
  const isEveryMember = name === '*' && rest.length === 0;
  if (Array.isArray(parent) && !isEveryMember) {
    for (const key of parent.keys())
      if (isMessage(parent[key])) decodeAt(parent[key], [name ?? '', ...rest], codec);
    return;
  }
  const keys =
    name === '*' ? Object.keys(parent) : Object.hasOwn(parent, name ?? '') ? [name ?? ''] : [];
  for (const key of keys) {
    const value = parent[key];
    if (rest.length === 0) parent[key] = decodeAny(value, codec);
    else if (isMessage(value)) decodeAt(value, rest, codec);
  }
}

/** A value with every Any in it decoded, `@type` added; what is unknown stays as it is. */
export function decodeAny(value: unknown, codec: Codec, depth = 0): unknown {
  if (!isMessage(value) || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => decodeAny(item, codec, depth + 1));
  if (isAny(value)) return unpack(value, codec, depth);
  for (const key of Object.keys(value)) value[key] = decodeAny(value[key], codec, depth + 1);
  return value;
}

function unpack(any: { type_url: string; value: Buffer }, codec: Codec, depth: number): unknown {
  const content = codec.unpackAny(any.type_url, any.value, depth + 1);
  if (content === undefined) return { ...any, value: withBase64Json(any.value) };
  return { '@type': any.type_url, ...(decodeAny(content, codec, depth + 1) as Message) };
}

/** A Buffer for callers of the api, base64 in an HTTP answer (CONTRACT 7). */
function withBase64Json(bytes: Buffer): Buffer {
  const toJSON = () => bytes.toString('base64');
  return Object.defineProperty(bytes.subarray(), 'toJSON', { value: toJSON, enumerable: false });
}
