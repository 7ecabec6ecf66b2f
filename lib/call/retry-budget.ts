/** Retries that are always allowed, so that a quiet upstream can still be retried. */
const ALWAYS_PER_SECOND = 10;
/** How many seconds of calls the budget remembers. */
const WINDOW_SECONDS = 10;
/** Upstreams remembered at once; the `endpoint` function may name any number. */
const MAX_UPSTREAMS = 1000;

interface Bucket {
  tokens: number;
  refilledMs: number;
}

/**
 * Keeps retries from multiplying the load on an upstream that is already down: each call earns
 * `ratio` of a retry, ten a second come for free (RELIABILITY L5).
 */
export class RetryBudget {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly ratio: number) {}

  /** A call was made for the first time. */
  recordCall(upstream: string): void {
    const bucket = this.bucketOf(upstream);
    const ceiling = ALWAYS_PER_SECOND * WINDOW_SECONDS;
    bucket.tokens = Math.max(bucket.tokens, Math.min(ceiling, bucket.tokens + this.ratio));
  }

  /** Whether one more retry fits in; takes it if so. */
  tryRetry(upstream: string): boolean {
    const bucket = this.bucketOf(upstream);
    const now = performance.now();
    const free = ((now - bucket.refilledMs) / 1000) * ALWAYS_PER_SECOND;
    if (bucket.tokens < ALWAYS_PER_SECOND) {
      bucket.tokens = Math.min(ALWAYS_PER_SECOND, bucket.tokens + free);
    }
    bucket.refilledMs = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  private bucketOf(upstream: string): Bucket {
    const known = this.buckets.get(upstream);
    if (known) return known;
    if (this.buckets.size >= MAX_UPSTREAMS) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    const bucket = { tokens: ALWAYS_PER_SECOND, refilledMs: performance.now() };
    this.buckets.set(upstream, bucket);
    return bucket;
  }
}
