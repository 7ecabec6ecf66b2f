const NAME = 'google.rpc.DebugInfo';
const MARK = Symbol(NAME);

/** Marks a decoded DebugInfo: as the typed value of a field it has no `@type` to be known by. */
export function markDebugInfo<Message>(message: Message, typeName: string): Message {
  return typeName === NAME ? Object.defineProperty(message, MARK, { value: true }) : message;
}

/** Decoded, or still an Any. */
export function isDebugInfo(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { '@type': type, type_url: url } = value as Record<string, unknown>;
  const isNamed = [type, url].some((name) => typeof name === 'string' && name.endsWith(NAME));
  return isNamed || MARK in value;
}
