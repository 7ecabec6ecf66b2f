import type { ResolvedConfig } from '../../config/resolve-config';
import type { Stats } from '../../config/gateway-config';
import type { GatewayContext } from '../../context';
import type { Call } from '../../call/call';
import { createLogFailure } from '../../call/log-failure';
import { observe } from '../../call/observe';
import { redactWith } from '../../call/redact-keys';
import type { GatewayError } from '../../errors/gateway-error';
import { redactHeaders } from '../../headers/sensitive';

type Dict = Record<string, unknown>;

/** The record of one finished call. */
export function toStats(call: Call, failure: GatewayError | undefined): Stats {
  const { action, trace } = call;
  const { request, response } = trace;
  // A call that was refused before it was sent has no gRPC status.
  const grpcStatus = failure?.details?.grpcCode ?? (trace.attempts > 0 ? 0 : undefined);
  return {
    service: action.serviceName,
    action: action.name,
    restStatus: failure?.status ?? response.status ?? 200,
    ...(action.kind === 'grpc' && grpcStatus !== undefined && { grpcStatus }),
    responseSize: response.bytes,
    requestId: call.requestId,
    requestTime: trace.elapsedMs,
    requestMethod: request?.method ?? '',
    requestUrl: trace.shownUrl,
    timestamp: trace.startedAt,
    ...(call.userId !== undefined && { userId: call.userId }),
    traceId: readTraceId(call),
  };
}

function readTraceId({ ctx }: Call): string {
  let traceId: unknown;
  observe(() => (traceId = ctx.getTraceId?.()));
  return typeof traceId === 'string' ? traceId : '';
}

/** The sent headers for REST, else the request's, without credentials. */
function builtInRedacted(call: Call): Dict {
  const { request } = call.trace;
  const isSent = /rest|proxy/.test(call.action.kind) && request !== undefined;
  return redactHeaders(isSent ? request.headers : call.headers, request?.authNames);
}

export type StatsSender = ReturnType<typeof createStatsSender>;

/** Hands stats to `sendStats`, else to the ctx. What fails here is logged and changes nothing. */
export function createStatsSender(config: ResolvedConfig) {
  const logFailure = createLogFailure(config);

  /** The built-in redaction first, so that the ctx's own can only take more away; failing, all. */
  function redact(ctx: GatewayContext, headers: Dict): Dict {
    const redacted = redactWith(
      () => ctx.utils?.redactSensitiveHeaders?.(headers) ?? headers,
      (error) => logFailure(ctx, 'redactSensitiveHeaders failed', error),
    );
    return redacted ?? {};
  }

  return function sendStats(call: Call, ctx: GatewayContext, stats: Dict, headers?: Dict): void {
    const { trace } = call;
    const extra = {
      get debugHeaders() {
        return trace.debugHeadersForStats();
      },
    };
    const send = () => {
      if (!config.sendStats) {
        return ctx.stats?.({ ...stats, responseStatus: stats['restStatus'] });
      }
      const shown = redact(ctx, headers ? redactHeaders(headers) : builtInRedacted(call));
      return config.sendStats(stats as never, shown, ctx, extra);
    };
    observe(send, (error) => logFailure(ctx, 'sendStats failed', error));
  };
}
