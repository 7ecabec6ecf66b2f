import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_TIMER_MS } from './abort';
import type { CallAbort } from './abort';
import type { RetryBudget } from './retry-budget';
import type {
  Attempt,
  CompiledTransport,
  Send,
  TransportRequest,
  TransportResponse,
} from './transport';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 10_000;

/** How one call is tried. */
export interface Tries {
  readonly retries: number;
  /** Milliseconds for each attempt. */
  readonly attemptTimeoutMs: number;
  /** Milliseconds over all attempts and pauses; 0 for no bound. */
  readonly totalTimeoutMs: number;
  readonly budget: RetryBudget;
}

class AttemptOf implements Attempt {
  constructor(
    readonly ending: CallAbort,
    readonly number: number,
    readonly timeoutMs: number,
  ) {}

  get signal(): AbortSignal {
    return this.ending.signal;
  }
}

/** Exponential, with jitter so that callers who failed together do not come back together. */
function pauseMsBefore(attempt: number): number {
  const longest = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return longest * (0.5 + Math.random() / 2);
}

/** The one retry loop, for every transport. Rejects with the last attempt's own error. */
export async function sendWithRetries(
  send: Send,
  transport: CompiledTransport,
  request: TransportRequest,
  tries: Tries,
  abort: CallAbort,
): Promise<TransportResponse> {
  const { call } = request;
  const upstream = transport.upstreamOf(request.endpoint);
  const endsMs = performance.now() + (tries.totalTimeoutMs || Infinity);
  tries.budget.recordCall(upstream);
  abort.startDeadline(tries.totalTimeoutMs);

  for (let number = 0; ; number++) {
    const leftMs = number === 0 ? tries.totalTimeoutMs || Infinity : endsMs - performance.now();
    const timeoutMs = Math.max(1, Math.min(tries.attemptTimeoutMs || Infinity, leftMs));
    call.trace.attempts = number + 1;
    try {
      return await send(new AttemptOf(abort, number, timeoutMs));
    } catch (error) {
      abort.throwIfAborted();
      if (number >= tries.retries || !(await transport.isRetryable(error, request))) throw error;
      const wantedMs = Math.max(pauseMsBefore(number), transport.retryAfterMs(error) ?? 0);
      const pauseMs = Math.min(wantedMs, MAX_TIMER_MS);
      const isInTime = performance.now() + pauseMs < endsMs;
      if (!isInTime || !tries.budget.tryRetry(upstream)) throw error;
      await pause(pauseMs, abort, call.client?.signal);
      // Nobody waits for the answer any more: what failed last is the outcome.
      if (call.client?.signal.aborted) throw error;
    }
  }
}

/** Ends early, without an error, when the client goes away. */
async function pause(ms: number, abort: CallAbort, client?: AbortSignal): Promise<void> {
  const signal = client ? AbortSignal.any([client, abort.signal]) : abort.signal;
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  abort.throwIfAborted();
}
