import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayContext } from '../context';
import type { Untyped } from '../schema/definitions';

export type { CallState } from '../call/call';
export type { Interceptor } from '../call/interceptor';

/**
 * What hooks see of a request on every host; all there is of it where the host is not Express. `id`,
 * `ctx` and `body` may be changed by the before-hook.
 */
export interface HookRequest<Context extends GatewayContext = GatewayContext> {
  /** Default: `x-request-id` of the request, else a UUID. */
  id?: Untyped;
  /** Default: a context that writes to the config's `logger`, or nowhere. */
  ctx?: Context;
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
  params: Untyped;
  query: Untyped;
  body?: Untyped;
}

/** What hooks see of an answer on every host. */
export interface HookResponse {
  locals: Untyped;
  readonly headersSent: boolean;
  status(code: number): this;
  send(body?: Untyped): this;
  json(body?: Untyped): this;
  set(field: Untyped, value?: Untyped): this;
}

/**
 * What the Express controller needs of a request. A `Request` of Express 4 or 5 fits; give your own
 * type as the `Req` parameter of `getGatewayControllers` to see more of it in hooks.
 */
export interface GatewayRequest<
  Context extends GatewayContext = GatewayContext,
> extends IncomingMessage {
  id?: Untyped;
  ctx?: Context;
  params: Untyped;
  query: Untyped;
  body?: Untyped;
}

/** What the Express controller needs of a response. A `Response` of Express 4 or 5 fits. */
export interface GatewayResponse extends ServerResponse {
  locals: Untyped;
  status(code: number): this;
  send(body?: Untyped): this;
  json(body?: Untyped): this;
  set(field: Untyped, value?: Untyped): this;
}

/** Connect's and Express's form. */
export type HandlerMiddleware<Req = Untyped, Res = Untyped> = (
  req: Req,
  res: Res,
  next: (error?: Untyped) => void,
) => unknown;

export type ErrorMiddleware<Req = Untyped, Res = Untyped> = (
  error: Untyped,
  req: Req,
  res: Res,
  next: (error?: Untyped) => void,
) => unknown;
