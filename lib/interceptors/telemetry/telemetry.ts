import { finished } from 'node:stream';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { GatewayContext } from '../../context';
import { isReadable } from '../../call/call';
import type { Call } from '../../call/call';
import type { Interceptor } from '../../call/interceptor';
import { AppError } from '../../errors/app-error';
import { GatewayCallError } from '../../errors/gateway-error';
import type { GatewayError } from '../../errors/gateway-error';
import { toLogEntry, toLoggedError } from './log-entry';
import { createStatsSender, logQuietly, toStats } from './stats';

/**
 * Opens the action's own context, and when the call is over, of a stream when it has ended, logs it,
 * reports stats once and ends that context once.
 */
export function createTelemetry(config: ResolvedConfig): Interceptor {
  const sendStats = createStatsSender(config);
  const ErrorConstructor = config.ErrorConstructor ?? AppError;
  const maxBytes = config.limits.logEntryBytes;

  function report(call: Call, parent: GatewayContext, thrown?: { error: unknown }): void {
    const failed = thrown && GatewayCallError.from(thrown.error);
    log(call, failed?.error, failed);
    sendStats(call, parent, { ...toStats(call, failed?.error) });
    endQuietly(call.ctx);
  }

  function log(call: Call, failure?: GatewayError, failed?: Error): void {
    try {
      const entry = toLogEntry(call, failure);
      if (!failure || !failed) return call.ctx.log('Request completed', entry);
      const error = toLoggedError(failed, failure, ErrorConstructor, maxBytes);
      call.ctx.logError('Request failed', error, entry);
    } catch (error) {
      logQuietly(call.ctx, 'Writing a log entry failed', error);
    }
  }

  return (next) => async (outer) => {
    const parent = outer.ctx;
    const call: Call = { ...outer, ctx: openContext(outer) };
    try {
      const result = await next(call);
      const { responseData } = result;
      if (isReadable(responseData)) {
        finished(responseData, (error) => report(call, parent, error ? { error } : undefined));
      } else {
        report(call, parent);
      }
      return result;
    } catch (error) {
      report(call, parent, { error });
      throw error;
    }
  };
}

function openContext({ action, ctx }: Call): GatewayContext {
  const { serviceName, name, kind } = action;
  const tags = { action: name, service: serviceName, type: kind };
  return ctx.create(`Gateway ${serviceName} ${name} [${kind}]`, { tags });
}

function endQuietly(ctx: GatewayContext): void {
  try {
    ctx.end();
  } catch (error) {
    logQuietly(ctx, 'ctx.end failed', error);
  }
}
