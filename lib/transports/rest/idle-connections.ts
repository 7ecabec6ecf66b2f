import type { Socket } from 'node:net';

/** An upstream whose idle connections live this long does not close them right after an answer. */
const PROVEN_MS = 20;
/** A connection is not used in the last second before the agent, or the server's hint, ends it. */
const MARGIN_MS = 1000;
/** Origins remembered at once; the `endpoint` function may name any number. */
const MAX_ORIGINS = 1000;

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Whether RFC 9110 section 9.2.2 lets a client repeat the method after a lost connection. */
export function isIdempotentMethod(method: string): boolean {
  return IDEMPOTENT.has(method.toUpperCase());
}

/** What the idle connections of one origin have taught. */
interface Patience {
  /** The longest time that one was seen alive. */
  survivedMs: number;
  /** The shortest time after which the upstream closed one. */
  closedAfterMs: number;
}

interface Idle {
  readonly sinceMs: number;
  readonly stop: () => void;
}

/**
 * Decides which idle connections may be used again (RELIABILITY U9 and U11). A server may close one
 * at the very moment a request is written to it. An idempotent request is then sent again (see
 * wire-adapter); any other goes only on a connection that has been idle for at most half the time
 * that this upstream is known to leave them open.
 */
export class IdleConnections {
  private readonly patience = new Map<string, Patience>();
  private readonly idle = new WeakMap<Socket, Idle>();

  /** A connection has become idle. Unread bytes on it, or its end, close it. */
  add(socket: Socket, origin: string): void {
    const patience = this.patienceOf(origin);
    const sinceMs = performance.now();
    const onEnd = () => {
      patience.closedAfterMs = Math.min(patience.closedAfterMs, performance.now() - sinceMs);
      socket.destroy();
    };
    socket.on('data', onEnd).on('end', onEnd);
    this.idle.set(socket, { sinceMs, stop: () => socket.off('data', onEnd).off('end', onEnd) });
  }

  /** A connection is used again. */
  remove(socket: Socket): void {
    this.idle.get(socket)?.stop();
    this.idle.delete(socket);
  }

  /** The most recently used connection that is fit for a request, of those that are free. */
  findFit(free: readonly Socket[], origin: string, method: string): Socket | undefined {
    const patience = this.patienceOf(origin);
    const now = performance.now();
    const oldest = free.find((socket) => !socket.destroyed);
    if (oldest) patience.survivedMs = Math.max(patience.survivedMs, this.ageOf(oldest, now));
    const maxAgeMs = isIdempotentMethod(method) ? patience.closedAfterMs / 2 : provenMs(patience);
    return free.findLast((socket) => {
      const ageMs = this.ageOf(socket, now);
      return !socket.destroyed && ageMs <= maxAgeMs && ageMs < (socket.timeout ?? 0) - MARGIN_MS;
    });
  }

  private ageOf(socket: Socket, now: number): number {
    return now - (this.idle.get(socket)?.sinceMs ?? now);
  }

  private patienceOf(origin: string): Patience {
    const known = this.patience.get(origin);
    if (known) return known;
    if (this.patience.size >= MAX_ORIGINS) this.patience.clear();
    const patience = { survivedMs: 0, closedAfterMs: Infinity };
    this.patience.set(origin, patience);
    return patience;
  }
}

function provenMs({ survivedMs, closedAfterMs }: Patience): number {
  const knownMs = Math.min(survivedMs, closedAfterMs);
  return knownMs < PROVEN_MS ? -1 : knownMs / 2;
}
