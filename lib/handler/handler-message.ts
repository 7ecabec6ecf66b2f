import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { GatewayContext } from '../context';
import type { GatewayCallError, GatewayError } from '../errors/gateway-error';
import type { ActionDefinition, GetAuthArgs } from '../schema/definitions';
import type { Action } from '../call/action';
import type { CallClient } from '../call/call';
import type { ProxiedRequest } from '../call/proxied';

export interface ActionTarget {
  scope: string;
  service: string;
  action: string;
}

/** A connect-style middleware, bound to its request. */
export interface BoundMiddleware {
  readonly name: string;
  run(next: (error?: unknown) => void): unknown;
}

export interface BoundErrorMiddleware {
  readonly name: string;
  run(error: GatewayCallError, next: (error?: unknown) => void): unknown;
}

/** The user's `(req, res)` hooks, bound by the adapter; absent where there is none. */
export interface BoundHooks {
  readonly onUnknownAction?: (target: { service: string; action?: string }) => unknown;
  readonly onBeforeAction?: (target: ActionTarget, definition: ActionDefinition) => unknown;
  readonly onRequestSuccess?: (data: unknown) => unknown;
  readonly onRequestFailed?: (error: GatewayError) => unknown;
  readonly withDebugHeaders?: () => unknown;
  readonly getAuthArgs: (hook: GetAuthArgs) => unknown;
  readonly middlewares?: readonly BoundMiddleware[];
  readonly errorMiddlewares?: readonly BoundErrorMiddleware[];
}

/** What a request means, whatever framework it came through. */
export interface HandlerRequest {
  /** Default `root`. */
  readonly scope: string | undefined;
  readonly service: string;
  readonly action: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly client: CallClient;
  readonly hooks: BoundHooks;
  /** Read after the before-hook, which may have changed these. */
  readonly requestId: string | undefined;
  readonly ctx: GatewayContext | undefined;
  readonly body: unknown;
  readonly query: unknown;
  readonly userId: string | undefined;
  /** Whether a body came in that nothing has parsed. */
  readonly hasUnparsedBody: boolean;
  /** Of a proxy's own handler: the action is known, the request is passed on as it is. */
  readonly proxied?: { readonly action: Action; readonly request: ProxiedRequest };
  /** Whether a hook has begun to answer. */
  isAnswered(): boolean;
  /** Whether nobody is there any more to be answered. */
  isGone(): boolean;
  /** Tells when the answer is sent or nobody is left to be answered; what it gives takes that back. */
  onceClosed(listener: () => void): () => void;
  /** Headers of the answer, whoever writes it. */
  setHeaders(headers: Readonly<Record<string, string | string[]>>): void;
  /** Ends the connection: an answer has begun and cannot be finished. */
  destroy(): void;
}

export interface HandlerResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable | undefined;
  /** Of an answer that is passed on as it comes: known at the end of its body. */
  readonly trailers?: () => Readonly<Record<string, string | string[]>> | undefined;
}
