import { isAxiosError } from 'axios';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { Call } from '../../call/call';
import { createLogFailure } from '../../call/log-failure';
import { completeError, GatewayCallError, isErrorStatus } from '../../errors/gateway-error';
import type { RestDefinition } from '../../schema/definitions';

/** Applies `transformResponseError` to an upstream's error; where it fails, that error stands (K2). */
export function compileTransformError(
  { transformResponseError }: RestDefinition,
  config: ResolvedConfig,
) {
  const logFailure = transformResponseError && createLogFailure(config);
  return async function transformError(
    failure: GatewayCallError,
    thrown: unknown,
    call: Call,
  ): Promise<GatewayCallError> {
    const response = isAxiosError(thrown) ? thrown.response : undefined;
    if (!transformResponseError || !response || !isErrorStatus(response.status)) return failure;
    try {
      const literal = await transformResponseError(response, { args: call.args, ctx: call.ctx });
      if (typeof literal !== 'object' || literal === null) return failure;
      const error = completeError(literal, failure.error);
      const requestId = error.requestId ?? call.requestId;
      const { debugHeaders } = call.trace;
      return new GatewayCallError({ ...error, requestId }, { cause: thrown, debugHeaders });
    } catch (error) {
      logFailure?.(call.ctx, 'transformResponseError failed', error);
      return failure;
    }
  };
}
