import { isAxiosError } from 'axios';
import type { AxiosError } from 'axios';
import { isNetworkError, isRetryableError, retryAfter } from 'axios-retry';
import type { ResolvedConfig } from '../../config/resolve-config';
import { runHook } from '../../call/failure';
import type { RestDefinition } from '../../schema/definitions';
import { membersOf } from '../../errors/gateway-error';
import { isIdempotentMethod } from './idle-connections';

/** Codes of failures before a connection was there, so that nothing can have been received. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
]);

function wasNeverSent(error: AxiosError): boolean {
  const { syscall } = membersOf(error.cause);
  const isConnecting = syscall === 'connect' || syscall === 'getaddrinfo';
  return isConnecting || (error.code !== undefined && NOT_CONNECTED.has(error.code));
}

export type RetryCondition = (error: unknown, body: unknown) => Promise<boolean>;

/**
 * Whether an attempt may be repeated: the action's condition, else the config's, else a network or
 * retryable error as axios-retry defines them; writes only as RELIABILITY C1 allows.
 */
export function compileRetryCondition(
  definition: RestDefinition,
  config: ResolvedConfig,
): RetryCondition {
  const own = definition.axiosRetryCondition ?? config.axiosRetryCondition;
  const isRepeatable =
    isIdempotentMethod(definition.method) ||
    definition.idempotency === true ||
    config.retryWrites === 'always';

  return async function isRetryable(error, body) {
    const isStream = typeof (body as { pipe?: unknown } | undefined)?.pipe === 'function';
    if (!isAxiosError(error) || isStream) return false;
    if (own) return runHook('axiosRetryCondition', () => own(error));
    const isTransient = isNetworkError(error) || isRetryableError(error);
    return isTransient && (isRepeatable || wasNeverSent(error));
  };
}

/** Milliseconds that the Retry-After of an answer asks for (RFC 9110 section 10.2.3). */
export function readRetryAfterMs(error: unknown): number | undefined {
  return isAxiosError(error) && error.response ? retryAfter(error) : undefined;
}
