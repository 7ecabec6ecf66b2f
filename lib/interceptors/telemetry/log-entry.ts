import type { Call } from '../../call/call';
import type { GatewayError } from '../../errors/gateway-error';

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
