import { DEFAULT_ERROR_CODE, GatewayCallError, membersOf } from '../errors/gateway-error';
import { CallAborted } from './abort';
import { CANCELLED, TIMED_OUT, TIMEOUT_CODES, toAbortFailure } from './abort-failure';
import type { Call } from './call';
import { createFailure } from './failure';
import type { Failure } from './failure';

/** Node's code for a stream that was destroyed without an error, and those of cancelled requests. */
const CANCEL_CODES = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_CANCELED', 'ABORT_ERR']);

/** What the early end of a stream means: its reader left, it fell silent, or its source broke. */
export function toStreamFailure(call: Call, error: unknown): GatewayCallError {
  if (error instanceof GatewayCallError) return error;
  return createFailure(call, { ...readFailure(error), cause: error });
}

function readFailure(error: unknown): Failure {
  if (error instanceof CallAborted) return toAbortFailure(error);
  const { code } = membersOf(error);
  // Without a code it is no fault of a connection or a coding, but of the user's own stream.
  if (typeof code !== 'string') {
    return { status: 500, code: DEFAULT_ERROR_CODE, text: 'requestFailed' };
  }
  if (CANCEL_CODES.has(code)) return CANCELLED;
  if (TIMEOUT_CODES.has(code)) return { ...TIMED_OUT, code };
  return { status: 502, code, text: 'unreachable' };
}
