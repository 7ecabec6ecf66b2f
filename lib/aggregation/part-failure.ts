import type { ContextBinding } from '../api/context-binding';
import { createFailure, toCallFailure } from '../call/failure';
import type { Failure } from '../call/failure';
import { cutText } from '../errors/cut-text';
import { GatewayCallError } from '../errors/gateway-error';
import { messageIn } from '../errors/messages';
import { isRecord } from '../schema/endpoints';

/** What is told of an optional part that has failed; nothing of what its service said. */
export interface PartError<Key extends string = string> {
  key: Key;
  code: string;
  /** 400 to 599, as the part failed. */
  status: number;
}

/**
 * Statuses of a call that are as true of the whole action: what they say is about the caller, the input
 * or what is asked for (4xx), or about another try: 501 in vain, 503 later, 504 at any time. The other
 * 4xx are about the message that the gateway wrote, such as its method, type and length, and 500 is
 * about a server that the caller does not know: they become 502 (RFC 9110, 15.6.3).
 */
const PASSED_ON: ReadonlySet<number> = new Set([
  400, 401, 402, 403, 404, 409, 410, 412, 422, 423, 428, 429, 451, 501, 503, 504,
]);

/** The code of an upstream's error may be of any length (RELIABILITY L4). */
const MAX_CODE_BYTES = 256;

/** A failure of the aggregation's own, in the language of the caller where there is one. */
export function createPartFailure(binding: ContextBinding | undefined, failure: Failure) {
  if (binding) return createFailure(binding.caller, failure);
  const { status, code, text, details } = failure;
  return new GatewayCallError({ status, code, message: messageIn([], text), details });
}

/** The failure of the action whose required part has failed: code, message and details are the part's. */
export function toActionFailure(
  key: string,
  thrown: unknown,
  binding: ContextBinding | undefined,
): GatewayCallError {
  const failure = binding ? toCallFailure(binding.caller, thrown) : GatewayCallError.from(thrown);
  const { error, responseHeaders } = failure;
  // What the function itself throws is told as in any mixed action: it is no answer of a service.
  const isPassedOn = !(thrown instanceof GatewayCallError) || PASSED_ON.has(error.status);
  const own: unknown = error.details;
  const details = { ...(isRecord(own) ? own : own !== undefined && { details: own }), part: key };
  return new GatewayCallError(
    { ...error, status: isPassedOn ? error.status : 502, details },
    {
      cause: thrown,
      debugHeaders: () => failure.debugHeaders,
      // Headers such as `www-authenticate` belong to their status.
      ...(isPassedOn && { responseHeaders }),
    },
  );
}

export function toPartError(key: string, thrown: unknown): PartError {
  const { status, code } = GatewayCallError.from(thrown).error;
  return { key, code: cutText(code, MAX_CODE_BYTES), status };
}
