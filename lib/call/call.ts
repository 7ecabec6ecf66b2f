import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { GatewayContext } from '../context';
import type { Action } from './action';
import type { CallTrace } from './call-trace';
import { isMessageStream } from './message-stream';

/** Where a call came from: the controller, a caller of `api`, or a mixed action. */
export type CallOrigin = 'http' | 'api' | 'inner';

/** The connection of the browser that waits for the answer. */
export interface CallClient {
  /** Fires when the connection closes before the answer was sent. */
  readonly signal: AbortSignal;
  /** As the host framework tells it: Express's `trust proxy` decides whether a proxy is believed. */
  readonly address?: string;
  /** The address at the other end of the connection, which may be a proxy's. */
  readonly peerAddress?: string;
}

/**
 * Values that interceptors hand to each other and to `params` and `getAuthHeaders`. Give them types by
 * `declare module 'sallyport' { interface CallState { user?: User } }`.
 */
export interface CallState {
  [name: string]: unknown;
}

/** One invocation of an action. */
export interface Call {
  readonly action: Action;
  readonly args: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  /** The caller's context until telemetry puts its child here. */
  readonly ctx: GatewayContext;
  /** Languages for texts, most wanted first, the default last. */
  readonly languages: readonly string[];
  readonly origin: CallOrigin;
  readonly trace: CallTrace;
  /** Shared with the calls that a mixed action makes. */
  readonly state: CallState;
  /** Sent upstream over the auth headers: what interceptors say of the caller. */
  readonly upstreamHeaders?: Readonly<Record<string, string>>;
  readonly authArgs?: unknown;
  readonly userId?: string;
  readonly timeout?: number;
  readonly retries?: number;
  readonly callback?: unknown;
  readonly client?: CallClient;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** The answer's bytes will do: nobody in front of the browser reads the data. */
  readonly acceptsBytes?: boolean;
}

/** What a call came to: data, or a stream of it. */
export interface CallResult {
  readonly responseData: unknown;
  readonly responseHeaders?: Record<string, string | string[]>;
  /** The upstream's Content-Type, for bytes, streams and data that nothing has transformed. */
  readonly contentType?: string;
}

/** Whether the data of a result is a stream of it. */
export function isReadable(data: unknown): data is Readable {
  return data instanceof Readable;
}

/** Ends a stream that nobody is going to read. */
export function discard(data: unknown): void {
  if (isMessageStream(data)) data.cancel();
  else if (isReadable(data)) data.destroy();
}

/** JSON that was read whole and checked, but left as the bytes it came in. */
export class JsonBytes {
  constructor(readonly bytes: Buffer) {}
}
