import type { CallAborted, Ending } from '../../call/abort';

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
  async acquire(origin: string, ending: Ending): Promise<() => void> {
    const lane = this.laneOf(origin);
    if (lane.running < this.maxRunning) lane.running++;
    else if (lane.waiting.size < this.maxWaiting) await this.wait(lane, ending);
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

  private wait(lane: Lane, ending: Ending): Promise<void> {
    return new Promise((resolve, reject) => {
      const onEnd = (reason: CallAborted) => {
        lane.waiting.delete(enter);
        reject(reason);
      };
      const enter = () => {
        ending.offEnd(onEnd);
        resolve();
      };
      if (ending.reason) return onEnd(ending.reason);
      lane.waiting.add(enter);
      ending.onEnd(onEnd);
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
