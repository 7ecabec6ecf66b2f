import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildConnector, Client } from 'undici';
import type { Dispatcher } from 'undici';
import { AnswerBytes } from './answer-bytes';
import { ConnectionsClosed } from './keep-alive-agent';
import { isIdempotentMethod } from './idle-connections';
import { lookupWithLoopback } from './loopback';
import { Patience } from './patience';

/** Idle connections are closed after this long, or a second before the server's Keep-Alive hint. */
const IDLE_TIMEOUT_MS = 60_000;
const MARGIN_MS = 1000;

/** One connection, and what it was last used for. */
class Connection {
  /** Also while it is being opened. */
  socket: Socket | undefined;
  bytes: AnswerBytes | undefined;
  idleSinceMs = performance.now();
  isBusy = false;
  /** Bytes that had come before the request at hand. */
  bytesBefore = 0;

  constructor(readonly client: Client) {}

  get isOpen(): boolean {
    return this.socket !== undefined && !this.socket.destroyed;
  }

  /** An answer may come before its request is sent whole; the rest would precede the next one. */
  get isFree(): boolean {
    return this.isOpen && this.socket?.writableLength === 0;
  }

  destroy(reason?: Error): void {
    void this.client.destroy(reason ?? null);
    // undici leaves a connection that is being opened to itself.
    this.socket?.destroy();
  }

  /** Whether nothing has come since the request was sent. */
  get isSilent(): boolean {
    return (this.socket?.bytesRead ?? 0) === this.bytesBefore;
  }
}

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
class Lane {
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
    const connect = createConnector((socket) => {
      connection.socket = socket;
      connection.bytes = new AnswerBytes(socket);
    });
    const client = new Client(this.origin, {
      connect,
      pipelining: 1,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      // A hint may shorten it only.
      keepAliveMaxTimeout: IDLE_TIMEOUT_MS,
      keepAliveTimeoutThreshold: MARGIN_MS,
      // A call has one deadline for everything.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const connection = new Connection(client);
    client.on('disconnect', (_origin, _targets, error) => this.onDisconnect(connection, error));
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

function createConnector(onSocket: (socket: Socket) => void): buildConnector.connector {
  const connect = buildConnector({ timeout: 0, lookup: lookupWithLoopback });
  // It gives the socket at once, which its types do not tell.
  return (options, callback) => onSocket(connect(options, callback) as unknown as Socket);
}

function closed(): ConnectionsClosed {
  return new ConnectionsClosed('The gateway is closed');
}

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
