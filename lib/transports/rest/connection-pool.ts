import { setImmediate as nextTurn } from 'node:timers/promises';
import { closed, Lane } from './lane';
import type { Lease } from './lane';

/** The connections of one gateway. */
export class ConnectionPool {
  private readonly lanes = new Map<string, Lane>();
  private isDestroyed = false;
  private turn: Promise<void> | undefined;
  private turnedMs = 0;
  private seenMs = 0;

  constructor(private readonly maxSocketsPerOrigin: number) {}

  /** Throws ConnectionsClosed after `destroy`. */
  async lease(origin: string, method: string): Promise<Lease> {
    const lane = this.laneOf(origin);
    if (lane.hasIdle) await this.catchUp();
    if (this.isDestroyed) throw closed();
    return lane.lease(method, this.seenMs);
  }

  /**
   * Lets what has already come on idle connections be seen: a process that was busy must not write on
   * one that is closed, nor take stray bytes for an answer. undici waits for the end of one turn before
   * it writes; everything is polled between two.
   */
  private catchUp(): Promise<void> {
    this.turn ??= this.endTurn();
    return this.turn;
  }

  private async endTurn(): Promise<void> {
    await nextTurn();
    this.turn = undefined;
    this.seenMs = this.turnedMs;
    this.turnedMs = performance.now();
  }

  private laneOf(origin: string): Lane {
    if (this.isDestroyed) throw closed();
    const known = this.lanes.get(origin);
    if (known) return known;
    // Endpoint functions may name any number of origins.
    for (const [name, lane] of this.lanes) if (lane.isEmpty) this.lanes.delete(name);
    const lane = new Lane(origin, this.maxSocketsPerOrigin);
    this.lanes.set(origin, lane);
    return lane;
  }

  destroy(): void {
    this.isDestroyed = true;
    for (const lane of this.lanes.values()) lane.destroy();
    this.lanes.clear();
  }
}
