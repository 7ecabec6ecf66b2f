import type { ResolvedConfig } from '../../config/resolve-config';
import type { GatewayContext } from '../../context';
import type { Call } from '../../call/call';
import type { Interceptor } from '../../call/interceptor';
import { isSilent } from '../../call/is-silent';
import { createLogFailure } from '../../call/log-failure';
import { observe } from '../../call/observe';
import { redactKeys } from '../../call/redact-keys';
import { toStreamFailure } from '../../call/stream-failure';
import { whenEnded } from '../../call/when-ended';
import { GatewayCallError } from '../../errors/gateway-error';
import { toLogEntry } from './log-entry';
import { toStats } from './stats';
import type { StatsSender } from './stats';

/**
 * Opens the action's own context, and when the call is over, of a stream when it has ended, logs it,
 * reports stats once and ends that context once.
 */
export function createTelemetry(config: ResolvedConfig, sendStats: StatsSender): Interceptor {
  const logFailure = createLogFailure(config);

  function report(call: Call, parent: GatewayContext, thrown?: { error: unknown }): void {
    const failed = thrown && GatewayCallError.from(thrown.error);
    const entry = redactKeys(parent, toLogEntry(call, failed?.error)) ?? {};
    if (failed) logFailure(call.ctx, 'Request failed', failed, entry);
    else {
      observe(
        () => call.ctx.log('Request completed', entry),
        (error) => logFailure(call.ctx, 'ctx.log failed', error),
      );
    }
    sendStats(call, parent, { ...toStats(call, failed?.error) });
  }

  return (next) => async (outer) => {
    // Nobody is told.
    if (isSilent(outer.ctx) && !config.sendStats) return next(outer);
    const parent = outer.ctx;
    const own = openContext(outer);
    const call: Call = { ...outer, ctx: own ?? parent };
    const close = (thrown?: { error: unknown }) => {
      report(call, parent, thrown);
      observe(
        () => own?.end(),
        (error) => logFailure(parent, 'ctx.end failed', error),
      );
    };
    try {
      const result = await next(call);
      whenEnded(result, (error) => {
        close(error ? { error: toStreamFailure(call, error) } : undefined);
      });
      return result;
    } catch (error) {
      close({ error });
      throw error;
    }
  };

  /** Undefined where the caller's context cannot make a child: the call goes on with the caller's. */
  function openContext({ action, ctx }: Call): GatewayContext | undefined {
    const { serviceName, name, kind } = action;
    const tags = { action: name, service: serviceName, type: kind };
    let made: GatewayContext | undefined;
    observe(
      () => (made = ctx.create(`Gateway ${serviceName} ${name} [${kind}]`, { tags })),
      (error) => logFailure(ctx, 'ctx.create failed', error),
    );
    return typeof made?.end === 'function' ? made : undefined;
  }
}
