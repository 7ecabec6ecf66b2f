import type { ResolvedConfig } from '../../config/resolve-config';
import type { Stats } from '../../config/gateway-config';
import type { GatewayContext } from '../../context';
import type { Call } from '../../call/call';
import type { GatewayError } from '../../errors/gateway-error';
import { redactHeaders } from '../../headers/sensitive';
import type { HeadersInput } from '../../headers/header-record';

type Dict = Record<string, unknown>;

/** The record of one finished call. */
export function toStats(call: Call, failure: GatewayError | undefined): Stats {
  const { action, trace } = call;
  const { request, response } = trace;
  const grpcCode = failure?.details?.grpcCode;
  return {
    service: action.serviceName,
    action: action.name,
    restStatus: failure?.status ?? response.status ?? 200,
    ...(action.kind === 'grpc' && { grpcStatus: grpcCode ?? 0 }),
    responseSize: response.bytes,
    requestId: call.requestId,
    requestTime: trace.elapsedMs,
    requestMethod: request?.method ?? '',
    requestUrl: trace.shownUrl,
    timestamp: trace.startedAt,
    ...(call.userId !== undefined && { userId: call.userId }),
    traceId: call.ctx.getTraceId?.() ?? '',
  };
}

/** Headers as stats may show them: the sent ones for REST, else the request's. */
function shownHeaders(call: Call): Dict {
  const { request } = call.trace;
  const isSent = call.action.kind === 'rest' && request !== undefined;
  return redactFor(call.ctx, isSent ? request.headers : call.headers, request?.authNames);
}

/** The built-in redaction first, so that the caller's own can only take more away. */
export function redactFor(
  ctx: GatewayContext,
  headers: HeadersInput,
  authNames?: ReadonlySet<string>,
): Dict {
  const redacted = redactHeaders(headers, authNames);
  return ctx.utils?.redactSensitiveHeaders?.(redacted) ?? redacted;
}

/** Hands stats to `sendStats`, else to the ctx. What fails here is logged and changes nothing. */
export function createStatsSender(config: ResolvedConfig) {
  return function sendStats(call: Call, ctx: GatewayContext, stats: Dict, headers?: Dict): void {
    const onError = (error: unknown) => logQuietly(ctx, 'sendStats failed', error);
    try {
      if (!config.sendStats) {
        ctx.stats?.({ ...stats, responseStatus: stats['restStatus'] });
        return;
      }
      const { debugHeaders } = call.trace;
      const extra = { debugHeaders: debugHeaders() };
      const shown = headers ?? shownHeaders(call);
      const sent: unknown = config.sendStats(stats as never, shown, ctx, extra);
      Promise.resolve(sent).catch(onError);
    } catch (error) {
      onError(error);
    }
  };
}

export function logQuietly(ctx: GatewayContext, message: string, error: unknown): void {
  try {
    ctx.logError(message, error);
  } catch {
    // A logger that fails has nowhere left to say so.
  }
}
