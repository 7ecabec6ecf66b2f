import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayContext } from '../context';
import type { Untyped } from '../schema/definitions';

export type { CallState } from '../call/call';
export type { Interceptor } from '../call/interceptor';

/**
 * What the gateway and its hooks need of a request. An Express 4 or 5 `Request` fits; give your own
 * type as the `Req` parameter of `getGatewayControllers` to see more of it in hooks.
 */
export interface GatewayRequest<
  Context extends GatewayContext = GatewayContext,
> extends IncomingMessage {
  /** Default: `x-request-id` of the request, else a UUID. */
  id?: Untyped;
  /** Default: a context that writes to the config's `logger`, or nowhere. */
  ctx?: Context;
  params: Untyped;
  query: Untyped;
  body?: Untyped;
}

/** What the gateway and its hooks need of a response. An Express 4 or 5 `Response` fits. */
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
