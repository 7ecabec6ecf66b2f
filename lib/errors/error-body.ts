import { cutText } from './cut-text';
import { isDebugInfo } from './debug-info';
import { membersOf } from './gateway-error';
import type { GatewayError } from './gateway-error';

/** An error answer stays under 64 KiB whatever the upstream sent (RELIABILITY L4). */
const MAX_BODY_BYTES = 60 * 1024;
const MAX_MESSAGE_BYTES = 8 * 1024;
/** Texts of this size fit even where JSON writes every character as an escape. */
const MAX_SHORT_TEXT_BYTES = 1024;

/** For JSON.stringify: leaves google.rpc.DebugInfo out at every depth (RELIABILITY R3). */
function withoutDebugInfo(_key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDebugInfo(item));
  return isDebugInfo(value) ? undefined : value;
}

/** The texts of an error that is too large, or that JSON cannot carry. */
function shortened(error: GatewayError, maxBytes: number): object {
  const { status, code, message, requestId } = error;
  const { type, title, description, grpcCode } = membersOf(error.details);
  const cut = (value: unknown) =>
    typeof value === 'string' ? cutText(value, maxBytes) : undefined;
  const details = {
    type: cut(type),
    title: cut(title),
    description: cut(description),
    ...(typeof grpcCode === 'number' && { grpcCode }),
  };
  return { status, code: cut(code), message: cut(message), details, requestId: cut(requestId) };
}

/** The JSON text of an error answer. Without `showDebug`, debug facts are taken out. */
export function toErrorBody(error: GatewayError, showDebug: boolean): string {
  const { debug, ...rest } = error;
  const message = cutText(rest.message, MAX_MESSAGE_BYTES);
  // A `toJSON` that the error brings along would answer in its place.
  const body: GatewayError & { toJSON: undefined } = { ...rest, message, toJSON: undefined };
  const text = showDebug
    ? toJson(debug === undefined ? body : { ...body, debug })
    : toJson(body, withoutDebugInfo);
  if (text !== undefined && isSmall(text)) return text;
  const cut = JSON.stringify(shortened(body, MAX_MESSAGE_BYTES));
  return isSmall(cut) ? cut : JSON.stringify(shortened(body, MAX_SHORT_TEXT_BYTES));
}

function isSmall(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_BODY_BYTES;
}

/** Undefined for what JSON cannot carry: circular data, a bigint, a throwing toJSON. */
function toJson(value: object, replacer?: typeof withoutDebugInfo): string | undefined {
  try {
    return JSON.stringify(value, replacer);
  } catch {
    return undefined;
  }
}
