import type { Call } from '../../call/call';
import type { GatewayError } from '../../errors/gateway-error';
import type { AppErrorConstructor } from '../../errors/app-error';

const MAX_TEXT = 1024;

/** What a log entry says of a call: never bodies, headers, queries or whole client errors (X1). */
export function toLogEntry(call: Call, failure?: GatewayError): Record<string, unknown> {
  const { trace } = call;
  return {
    requestId: call.requestId,
    method: trace.request?.method,
    url: trace.request && trace.shownUrl.slice(0, MAX_TEXT),
    status: failure?.status ?? trace.response.status,
    code: failure?.code.slice(0, MAX_TEXT),
    attempt: trace.attempts,
    durationMs: trace.elapsedMs,
    responseBytes: trace.response.bytes,
  };
}

/**
 * The error object of a log entry: message, code and the stack of what caused it, all of bounded
 * length. The cause itself stays out: client errors carry sockets, headers and bodies.
 */
export function toLoggedError(
  thrown: Error,
  failure: GatewayError,
  ErrorConstructor: AppErrorConstructor,
  maxBytes: number,
): Error {
  const { cause } = thrown;
  const message = (cause instanceof Error ? cause.message : failure.message).slice(0, MAX_TEXT);
  const bare = new Error(message);
  const stack = (cause instanceof Error ? cause.stack : undefined) ?? thrown.stack;
  if (stack !== undefined) bare.stack = stack.slice(0, Math.floor(maxBytes / 4));
  return ErrorConstructor.wrap(bare, { code: failure.code.slice(0, MAX_TEXT) });
}
