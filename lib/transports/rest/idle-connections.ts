import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Patience } from './patience';

/** A connection is not used in the last second before the agent, or the server's hint, ends it. */
const MARGIN_MS = 1000;
/** Origins remembered at once; the `endpoint` function may name any number. */
const MAX_ORIGINS = 1000;

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Whether RFC 9110 section 9.2.2 lets a client repeat the method after a lost connection. */
export function isIdempotentMethod(method: string): boolean {
  return IDEMPOTENT.has(method.toUpperCase());
}

interface Watched {
  readonly origin: string;
  readonly idleSinceMs: number;
  readonly stop: () => void;
}

/**
 * Decides which idle connections may be used again (RELIABILITY U9 and U11). A server may close one
 * at the very moment a request is written to it. An idempotent request is then sent again (see
 * wire-adapter); any other goes only on a connection that the upstream is known to leave open.
 */
export class IdleConnections {
  private readonly patience = new Map<string, Patience>();
  private readonly watched = new WeakMap<Socket, Watched>();
  private turn: Promise<void> | undefined;
  /** All that had arrived on connections by then has been seen. */
  private caughtUpMs = 0;

  /**
   * Lets what has already arrived on idle connections be seen: a process that was busy must not write
   * on one that is closed, nor take stray bytes for an answer. Everything is polled in the second turn.
   */
  catchUp(): Promise<void> {
    this.turn ??= this.letArrive(performance.now());
    return this.turn;
  }

  private async letArrive(sinceMs: number): Promise<void> {
    await nextTurn();
    this.turn = undefined;
    await nextTurn();
    this.caughtUpMs = sinceMs;
  }

  /** A connection has become idle. Unread bytes on it, or its end, close it. */
  add(socket: Socket, origin: string): void {
    this.watched.get(socket)?.stop();
    const idleSinceMs = performance.now();
    const onEnd = () => {
      this.patienceOf(origin).sawClosed(performance.now() - idleSinceMs);
      socket.destroy();
    };
    socket.on('data', onEnd).on('end', onEnd);
    const stop = () => void socket.off('data', onEnd).off('end', onEnd);
    this.watched.set(socket, { origin, idleSinceMs, stop });
  }

  /** A connection is used again. One that ends without a byte was closed while it was idle. */
  remove(socket: Socket): void {
    const idle = this.watched.get(socket);
    if (!idle) return;
    idle.stop();
    const { bytesRead } = socket;
    const usedMs = performance.now();
    const onLost = (error?: NodeJS.ErrnoException) => {
      const isLost = error === undefined || error.code === 'ECONNRESET' || error.code === 'EPIPE';
      if (!isLost || socket.bytesRead > bytesRead) return;
      this.patienceOf(idle.origin).sawLost(usedMs - idle.idleSinceMs);
    };
    socket.on('end', onLost).on('error', onLost);
    const stop = () => void socket.off('end', onLost).off('error', onLost);
    this.watched.set(socket, { ...idle, stop });
  }

  /** The most recently used connection that is fit for a request, of those that are free. */
  findFit(free: readonly Socket[], origin: string, method: string): Socket | undefined {
    const patience = this.patienceOf(origin);
    const now = performance.now();
    const oldest = free.find((socket) => !socket.destroyed);
    if (oldest) patience.sawAlive(this.caughtUpMs - this.idleSince(oldest, now));
    const maxAgeMs = patience.maxAgeMs(isIdempotentMethod(method));
    return free.findLast((socket) => {
      const sinceMs = this.idleSince(socket, now);
      const ageMs = now - sinceMs;
      const isInTime = ageMs <= maxAgeMs && ageMs < (socket.timeout ?? 0) - MARGIN_MS;
      return !socket.destroyed && isInTime && sinceMs > patience.lostMs;
    });
  }

  private idleSince(socket: Socket, now: number): number {
    return this.watched.get(socket)?.idleSinceMs ?? now;
  }

  private patienceOf(origin: string): Patience {
    const known = this.patience.get(origin);
    if (known) return known;
    if (this.patience.size >= MAX_ORIGINS) this.patience.clear();
    const patience = new Patience();
    this.patience.set(origin, patience);
    return patience;
  }
}
