import type { GatewayError, GatewayErrorDetails } from './gateway-error';

/** An error answer stays under 64 KiB whatever the upstream sent (RELIABILITY L4). */
const MAX_BODY_BYTES = 60 * 1024;
const MAX_MESSAGE_CHARACTERS = 8 * 1024;
const DEBUG_INFO = 'google.rpc.DebugInfo';

function isDebugInfo(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const type: unknown = (value as Record<string, unknown>)['@type'];
  return typeof type === 'string' && type.endsWith(DEBUG_INFO);
}

/** `value` without google.rpc.DebugInfo at any depth; the same object where there is none. */
export function withoutDebugInfo(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 100) return value;
  if (Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isDebugInfo(item))
      .map((item) => withoutDebugInfo(item, depth + 1));
  }
  const entries = Object.entries(value).filter(([, item]) => !isDebugInfo(item));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutDebugInfo(item, depth + 1)]));
}

function shortened(details: GatewayErrorDetails): GatewayErrorDetails {
  const kept: GatewayErrorDetails = {};
  for (const key of ['type', 'title', 'description', 'grpcCode'] as const) {
    const value = details[key];
    if (typeof value === 'number') kept[key] = value as never;
    if (typeof value === 'string') kept[key] = value.slice(0, MAX_MESSAGE_CHARACTERS) as never;
  }
  return kept;
}

/** The JSON text of an error answer. Without `showDebug`, debug facts are taken out. */
export function toErrorBody(error: GatewayError, showDebug: boolean): string {
  const { debug, ...rest } = error;
  const details = showDebug
    ? rest.details
    : (withoutDebugInfo(rest.details) as typeof rest.details);
  const body: GatewayError = { ...rest, message: rest.message.slice(0, MAX_MESSAGE_CHARACTERS) };
  if (details !== undefined) body.details = details;
  const text = toJson(showDebug && debug !== undefined ? { ...body, debug } : body);
  if (text !== undefined && Buffer.byteLength(text) <= MAX_BODY_BYTES) return text;
  const { status, code, message, requestId } = body;
  return JSON.stringify({ status, code, message, details: shortened(details ?? {}), requestId });
}

/** Undefined for what JSON cannot carry: circular data, a bigint, a throwing toJSON. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
