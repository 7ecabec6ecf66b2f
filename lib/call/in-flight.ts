import { CLOSED } from './abort-failure';
import { createFailure } from './failure';
import type { Interceptor } from './interceptor';
import { whenEnded } from './when-ended';

/** Knows which calls run, so that the gateway can end after the last of them. */
export class InFlight {
  private running = 0;
  private isClosed = false;
  private readonly waiting = new Set<() => void>();

  /** Counts a call until its answer, or its stream, has ended; refuses new ones after `drain`. */
  readonly interceptor: Interceptor = (next) => async (call) => {
    if (this.isClosed && call.origin !== 'inner') {
      throw createFailure(call, CLOSED);
    }
    this.running++;
    try {
      const result = await next(call);
      whenEnded(result, this.leave);
      return result;
    } catch (error) {
      this.leave();
      throw error;
    }
  };

  private readonly leave = (): void => {
    this.running--;
    if (this.running === 0) this.waiting.forEach((onIdle) => onIdle());
  };

  /** Resolves when no call runs any more, or after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.isClosed = true;
    if (this.running === 0) return;
    await new Promise<void>((resolve) => {
      const onEnd = () => {
        clearTimeout(timer);
        this.waiting.delete(onEnd);
        resolve();
      };
      const timer = setTimeout(onEnd, graceMs);
      this.waiting.add(onEnd);
    });
  }
}
