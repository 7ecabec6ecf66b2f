import type { Call } from '../../call/call';
import { observe } from '../../call/observe';
import { countOne } from './count';
import type { Library } from './count';
import type { Count, Policy } from './limit-fields';
import type { RateLimitStore } from './rate-limit-options';

export interface StoreOptions {
  readonly store: RateLimitStore;
  readonly prefix: string;
  readonly timeoutMs: number;
  /** What happens to calls while the store fails, for the log. */
  readonly meanwhile: string;
}

/**
 * Counts in Redis, for several processes. While it fails, one call at a time finds out whether it is
 * back, and the others do not wait for it.
 */
export class StoreCounters {
  private readonly limiter;
  private isOut = false;
  private isProbed = false;

  constructor(
    private readonly library: Library,
    private readonly policy: Policy,
    private readonly options: StoreOptions,
  ) {
    const { points, durationSec: duration, name } = policy;
    const keyPrefix = `${options.prefix}:${name}`;
    const storeClient = options.store;
    this.limiter = new library.RateLimiterRedis({ points, duration, keyPrefix, storeClient });
  }

  /** Undefined where the store fails. */
  async count(key: string, call: Call): Promise<Count | undefined> {
    const isProbe = this.isOut;
    if (isProbe && (this.isProbed || !this.isReady)) return undefined;
    if (isProbe) this.isProbed = true;
    try {
      const count = await this.countInTime(key);
      if (isProbe) this.recover(call);
      return count;
    } catch (thrown) {
      this.fail(call, thrown);
      return undefined;
    } finally {
      if (isProbe) this.isProbed = false;
    }
  }

  private get isReady(): boolean {
    const { status = 'ready' } = this.options.store;
    return status === 'ready';
  }

  private async countInTime(key: string): Promise<Count> {
    const { timeoutMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const text = `no answer within ${timeoutMs} ms`;
      timer = setTimeout(() => reject(new Error(text)), timeoutMs).unref();
    });
    try {
      return await Promise.race([countOne(this.limiter, this.library, key), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Once per outage. Only the message: errors of the client carry the command, and so the key. */
  private fail({ ctx }: Call, thrown: unknown): void {
    if (this.isOut) return;
    this.isOut = true;
    const message = `The store of rate limit ${this.policy.name} fails: ${this.options.meanwhile}`;
    const why = thrown instanceof Error ? thrown.message : 'unknown error';
    observe(() => ctx.logError(message, new Error(why)));
  }

  private recover({ ctx }: Call): void {
    this.isOut = false;
    observe(() => ctx.log(`The store of rate limit ${this.policy.name} is back`));
  }
}
