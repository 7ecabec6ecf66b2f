import { STATUS_CODES } from 'node:http';
import {
  DEFAULT_ERROR_CODE,
  GatewayCallError,
  isErrorStatus,
  membersOf,
} from '../errors/gateway-error';
import type { GatewayErrorDetails } from '../errors/gateway-error';
import { messageIn } from '../errors/messages';
import type { MessageKey } from '../errors/messages';
import type { Call } from './call';

export interface Failure {
  status: number;
  code: string;
  text: MessageKey;
  details?: GatewayErrorDetails;
  cause?: unknown;
}

/** A failure that the gateway itself has found, in the caller's language. */
export function createFailure(call: Call, failure: Failure): GatewayCallError {
  const { status, code } = failure;
  const message = messageIn(call.languages, failure.text);
  const title = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const details = { title, description: message, ...failure.details };
  return new GatewayCallError(
    { status, code, message, details, requestId: call.requestId },
    {
      debugHeaders: call.trace.debugHeaders,
      ...('cause' in failure && { cause: failure.cause }),
    },
  );
}

/** Any thrown value as this call's failure: with its request id and its debug headers. */
export function toCallFailure(call: Call, thrown: unknown): GatewayCallError {
  const found = GatewayCallError.from(thrown, call.trace.debugHeaders);
  if (found.error.requestId !== undefined) return found;
  return new GatewayCallError(
    { ...found.error, requestId: call.requestId },
    {
      cause: found === thrown ? found.cause : thrown,
      debugHeaders: call.trace.debugHeaders,
      responseHeaders: found.responseHeaders,
    },
  );
}

/**
 * What a failing hook of the user comes to: what it throws with an integer `status` from 400 to 599,
 * or with `error` data, stands; anything else is a 500 that names the hook, the thrown value its
 * cause (K1).
 */
export function toHookFailure(name: string, thrown: unknown): GatewayCallError {
  const { status, error, code } = membersOf(thrown);
  if (isErrorStatus(status) || (typeof error === 'object' && error !== null)) {
    return GatewayCallError.from(thrown);
  }
  const shownCode = typeof code === 'string' && code !== '' ? code : DEFAULT_ERROR_CODE;
  const data = { status: 500, code: shownCode, message: `${name} failed` };
  return new GatewayCallError(data, { cause: thrown });
}

/** Runs a hook of the user; rejects with its failure. */
export async function runHook<T>(name: string, hook: () => T | Promise<T>): Promise<Awaited<T>> {
  try {
    return await hook();
  } catch (thrown) {
    throw toHookFailure(name, thrown);
  }
}
