const NAME = 'google.rpc.DebugInfo';
const MARK = Symbol(NAME);

/** Marks a decoded DebugInfo: as the typed value of a field it has no `@type` to be known by. */
export function markDebugInfo<Message>(message: Message, typeName: string): Message {
  return typeName === NAME ? Object.defineProperty(message, MARK, { value: true }) : message;
}

/** Decoded, still an Any, or in the bytes of an Any that nobody could decode. */
export function isDebugInfo(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { '@type': type, type_url: url, value: bytes } = value as Record<string, unknown>;
  const isNamed = [type, url].some((name) => typeof name === 'string' && name.endsWith(NAME));
  return isNamed || MARK in value || (typeof url === 'string' && isInBytes(bytes));
}

/** A Buffer, or its base64. */
function isInBytes(given: unknown): boolean {
  const bytes = typeof given === 'string' ? Buffer.from(given, 'base64') : given;
  return Buffer.isBuffer(bytes) && bytes.includes(NAME);
}
