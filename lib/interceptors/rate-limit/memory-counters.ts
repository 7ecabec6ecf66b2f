import { countOne } from './count';
import type { Library } from './count';
import type { Count, Policy } from './limit-fields';

/** Keys that are counted at once. Beyond, the one whose window began first is forgotten. */
const MAX_KEYS = 100_000;

interface Window {
  readonly key: string;
  readonly endsAtMs: number;
}

/**
 * Counts in the memory of this process. The library forgets a key when its window ends, by timers that
 * do not hold the process; who invents keys makes it forget others before.
 */
export class MemoryCounters {
  private readonly limiter;
  /** In the order of their beginnings, which is that of their ends; those before `oldest` are over. */
  private readonly windows: Window[] = [];
  private oldest = 0;

  constructor(
    private readonly library: Library,
    { points, durationSec: duration }: Policy,
    private readonly maxKeys = MAX_KEYS,
  ) {
    this.limiter = new library.RateLimiterMemory({ points, duration });
  }

  async count(key: string): Promise<Count> {
    const count = await countOne(this.limiter, this.library, key);
    if (count.isFirst) this.note({ key, endsAtMs: count.endsAtMs });
    return count;
  }

  private note(begun: Window): void {
    const { windows, maxKeys } = this;
    windows.push(begun);
    const now = Date.now();
    for (; this.oldest < windows.length - 1; this.oldest++) {
      const { key, endsAtMs } = windows[this.oldest]!;
      const isEnded = endsAtMs <= now;
      if (!isEnded && windows.length - this.oldest <= maxKeys) break;
      if (!isEnded) void this.limiter.delete(key);
    }
    if (this.oldest * 2 > windows.length) {
      windows.splice(0, this.oldest);
      this.oldest = 0;
    }
  }
}
