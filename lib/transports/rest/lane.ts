import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { Connection } from './connection';
import { isIdempotentMethod } from './idle-connections';
import { ConnectionsClosed } from './keep-alive-agent';
import { Patience } from './patience';

/** A connection for one request. */
export interface Lease {
  /** Whether it was used before, so that its server may have closed it by now. */
  readonly isReused: boolean;
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  /** The request is written: what comes from now on is meant as its answer. */
  expectHead(): void;
  /** Whether the server has closed it before it had answered anything. */
  wasLost(): boolean;
  /** Undefined until the connection is being opened. */
  readonly socket: Socket | undefined;
  /** Whether the answer was followed by bytes that undici has not looked at. */
  readonly hasLeftover: boolean;
  /** Ends the connection, and with it what was dispatched, whether it is open yet or not. */
  drop(reason: Error): void;
  giveBack(): void;
}

/**
 * The connections to one origin. A server may close an idle one at the very moment a request is
 * written to it (RELIABILITY U11): an idempotent request is then sent again (see lean-send); any
 * other goes only on a connection that the upstream is known to leave open. undici itself reads what
 * has come on an idle connection before it writes (U9).
 */
export class Lane {
  private readonly connections = new Set<Connection>();
  private readonly idle: Connection[] = [];
  private readonly patience = new Patience();

  constructor(
    private readonly origin: string,
    private readonly maxSockets: number,
  ) {}

  get hasIdle(): boolean {
    return this.idle.length > 0;
  }

  /** `seenMs`: all that had come on connections by then has been seen. */
  lease(method: string, seenMs: number): Lease {
    const connection = this.findFit(isIdempotentMethod(method), seenMs) ?? this.open();
    const { patience } = this;
    const usedMs = performance.now();
    const { idleSinceMs } = connection;
    const isReused = connection.isOpen;
    connection.isBusy = true;
    connection.bytesBefore = connection.socket?.bytesRead ?? 0;
    return {
      isReused,
      dispatch: (options, handler) => void connection.client.dispatch(options, handler),
      expectHead: () => connection.bytes?.expectHead(),
      wasLost() {
        const isLost = isReused && connection.isSilent;
        if (isLost) patience.sawLost(usedMs - idleSinceMs);
        return isLost;
      },
      get socket() {
        return connection.socket;
      },
      get hasLeftover() {
        return connection.bytes?.hasLeftover === true;
      },
      drop: (reason) => this.close(connection, reason),
      giveBack: () => this.giveBack(connection),
    };
  }

  private giveBack(connection: Connection): void {
    if (!connection.isBusy) return;
    connection.isBusy = false;
    connection.idleSinceMs = performance.now();
    if (connection.isFree) this.idle.push(connection);
    else this.close(connection);
  }

  private findFit(isRepeatable: boolean, seenMs: number): Connection | undefined {
    const now = performance.now();
    const [oldest] = this.idle;
    if (oldest) this.patience.sawAlive(seenMs - oldest.idleSinceMs);
    const maxAgeMs = this.patience.maxAgeMs(isRepeatable);
    const newest = this.idle.at(-1);
    if (!newest) return undefined;
    // The others have been idle for longer.
    const { idleSinceMs } = newest;
    if (now - idleSinceMs <= maxAgeMs && idleSinceMs > this.patience.lostMs) return this.idle.pop();
    if (this.connections.size >= this.maxSockets) this.close(this.idle.shift());
    return undefined;
  }

  private open(): Connection {
    const connection = new Connection(this.origin);
    connection.client.on('disconnect', (_origin, _targets, error) =>
      this.onDisconnect(connection, error),
    );
    this.connections.add(connection);
    return connection;
  }

  private onDisconnect(connection: Connection, { code }: { code?: string }): void {
    // Closed by the gateway.
    if (!this.connections.has(connection)) return;
    const ageMs = performance.now() - connection.idleSinceMs;
    // UND_ERR_INFO: undici itself has closed it, for its age or as the answer asked for.
    const isOurs = code === 'UND_ERR_INFO';
    if (connection.isBusy) {
      // Before it was written to: undici opens another connection for the request.
      if (!isOurs && connection.isSilent) this.patience.sawLost(ageMs);
      return;
    }
    if (!isOurs) this.patience.sawClosed(ageMs);
    this.close(connection);
  }

  private close(connection: Connection | undefined, reason?: Error): void {
    if (!connection) return;
    connection.isBusy = false;
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
    this.connections.delete(connection);
    connection.destroy(reason);
  }

  destroy(): void {
    for (const connection of this.connections) connection.destroy(closed());
    this.connections.clear();
    this.idle.length = 0;
  }

  get isEmpty(): boolean {
    return this.connections.size === 0;
  }
}

export function closed(): ConnectionsClosed {
  return new ConnectionsClosed('The gateway is closed');
}
