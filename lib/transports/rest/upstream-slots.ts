import type { CallAborted } from '../../call/abort';

/** Thrown when too many calls already wait for one upstream. */
export class UpstreamOverloaded extends Error {
  override readonly name = 'UpstreamOverloaded';
}

interface Lane {
  running: number;
  readonly waiting: Set<() => void>;
}

/** How many requests may run and wait at once, per origin (RELIABILITY L1). */
export class UpstreamSlots {
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaiting: number,
  ) {}

  /** Resolves, first come first served, to the function that gives the slot back. */
  async acquire(origin: string, signal: AbortSignal): Promise<() => void> {
    const lane = this.laneOf(origin);
    if (lane.running < this.maxRunning) lane.running++;
    else if (lane.waiting.size < this.maxWaiting) await this.wait(lane, signal);
    else throw new UpstreamOverloaded(`more than ${this.maxWaiting} calls wait for the upstream`);
    let isHeld = true;
    return () => {
      if (isHeld) this.release(origin, lane);
      isHeld = false;
    };
  }

  private laneOf(origin: string): Lane {
    const known = this.lanes.get(origin);
    if (known) return known;
    const lane: Lane = { running: 0, waiting: new Set() };
    this.lanes.set(origin, lane);
    return lane;
  }

  private wait(lane: Lane, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        lane.waiting.delete(enter);
        reject(signal.reason as CallAborted);
      };
      const enter = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      if (signal.aborted) return onAbort();
      lane.waiting.add(enter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** The slot goes straight to the next that waits. */
  private release(origin: string, lane: Lane): void {
    const [next] = lane.waiting;
    if (next) {
      lane.waiting.delete(next);
      next();
      return;
    }
    lane.running--;
    if (lane.running === 0) this.lanes.delete(origin);
  }
}
