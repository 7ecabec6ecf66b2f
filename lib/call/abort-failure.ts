import type { CallAborted } from './abort';
import type { Failure } from './failure';

export const CANCELLED: Failure = { status: 499, code: 'ERR_CANCELED', text: 'cancelled' };
export const TIMED_OUT: Failure = { status: 504, code: 'ECONNABORTED', text: 'timeout' };
/** The gateway is closed, or was while the call ran. */
export const CLOSED: Failure = { status: 503, code: 'GATEWAY_CLOSED', text: 'closed' };

/** Codes of axios and Node for an upstream that was too slow. */
export const TIMEOUT_CODES: ReadonlySet<unknown> = new Set(['ECONNABORTED', 'ETIMEDOUT']);

/** What the early end of a call is told as, where its transport has no words of its own. */
export function toAbortFailure(aborted: CallAborted): Failure {
  return { ...(aborted.kind === 'timeout' ? TIMED_OUT : CANCELLED), cause: aborted };
}
