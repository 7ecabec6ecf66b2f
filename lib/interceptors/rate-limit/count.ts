import type * as RateLimiterFlexible from 'rate-limiter-flexible';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Count } from './limit-fields';

/** rate-limiter-flexible, loaded when there is a limit. */
export type Library = typeof RateLimiterFlexible;

/** Counts one call of a key. Rejects where the store fails. */
export async function countOne(
  limiter: RateLimiterAbstract,
  { RateLimiterRes: Result }: Pick<Library, 'RateLimiterRes'>,
  key: string,
): Promise<Count> {
  try {
    return toCount(await limiter.consume(key), false);
  } catch (thrown) {
    // It rejects with the same for a call beyond the points.
    if (thrown instanceof Result) return toCount(thrown, true);
    throw thrown;
  }
}

function toCount(result: RateLimiterRes, isOver: boolean): Count {
  const { isFirstInDuration: isFirst, remainingPoints: remaining, msBeforeNext } = result;
  return { isOver, isFirst, remaining, endsAtMs: Date.now() + Math.max(0, msBeforeNext) };
}
