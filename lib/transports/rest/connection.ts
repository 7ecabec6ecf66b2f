import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import { AnswerBytes } from './answer-bytes';
import { lookupWithLoopback } from './loopback';

/** Idle connections are closed after this long, or a second before the server's Keep-Alive hint. */
const IDLE_TIMEOUT_MS = 60_000;
const MARGIN_MS = 1000;

/** One connection, and what it was last used for. */
export class Connection {
  readonly client: Client;
  /** Also while it is being opened. */
  socket: Socket | undefined;
  bytes: AnswerBytes | undefined;
  idleSinceMs = performance.now();
  isBusy = false;
  /** Bytes that had come before the request at hand. */
  bytesBefore = 0;

  constructor(origin: string) {
    const connect = createConnector((socket) => {
      this.socket = socket;
      this.bytes = new AnswerBytes(socket);
    });
    this.client = new Client(origin, {
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
  }

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

function createConnector(onSocket: (socket: Socket) => void): buildConnector.connector {
  const connect = buildConnector({ timeout: 0, lookup: lookupWithLoopback });
  // It gives the socket at once, which its types do not tell.
  return (options, callback) => onSocket(connect(options, callback) as unknown as Socket);
}
