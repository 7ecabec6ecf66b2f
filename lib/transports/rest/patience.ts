/** An upstream whose idle connections live this long does not close them right after an answer. */
const PROVEN_MS = 20;
/** An upstream that closes them earlier may do so while a busy machine still counts them as young. */
const HASTY_MS = 250;
/** What was seen is forgotten after one to two of these: upstreams are restarted and changed. */
const MEMORY_MS = 30_000;

/** What the idle connections of one origin have taught about when it closes them. */
export class Patience {
  /** When a connection was last found closed on reuse; those idle since before are as doubtful. */
  lostMs = -Infinity;
  private sinceMs = performance.now();
  /** The longest time that one was seen alive. */
  private survivedMs = 0;
  /** The shortest time after which one was closed, in this period and in the one before. */
  private closedAfterMs = Infinity;
  private closedBeforeMs = Infinity;

  sawAlive(ageMs: number): void {
    this.forget();
    this.survivedMs = Math.max(this.survivedMs, ageMs);
  }

  sawClosed(ageMs: number): void {
    this.forget();
    this.closedAfterMs = Math.min(this.closedAfterMs, ageMs);
  }

  sawLost(ageMs: number): void {
    this.lostMs = performance.now();
    this.sawClosed(ageMs);
  }

  /** How long a connection may have been idle to be used; negative for not at all. */
  maxAgeMs(isRepeatable: boolean): number {
    const closedMs = Math.min(this.closedAfterMs, this.closedBeforeMs);
    if (isRepeatable) return closedMs / 2;
    const isProven = this.survivedMs >= PROVEN_MS && closedMs >= HASTY_MS;
    return isProven ? Math.min(this.survivedMs, closedMs) / 2 : -1;
  }

  private forget(): void {
    const now = performance.now();
    if (now - this.sinceMs < MEMORY_MS) return;
    this.closedBeforeMs = now - this.sinceMs < 2 * MEMORY_MS ? this.closedAfterMs : Infinity;
    this.closedAfterMs = Infinity;
    this.survivedMs = 0;
    this.sinceMs = now;
  }
}
