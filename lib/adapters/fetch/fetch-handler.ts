import type { AnyGatewayConfig } from '../../config/gateway-config';
import type { GatewayContext } from '../../context';
import { GatewayCallError, isErrorStatus } from '../../errors/gateway-error';
import { checkHostOptions } from '../../handler/check-host-options';
import { HANDLER } from '../../handler/host';
import type { HandlerHost } from '../../handler/host';
import { matchRoute, UNKNOWN_PATH } from '../../handler/match-route';
import { readJsonBody } from '../../handler/read-json-body';
import { RecordedResponse } from '../../handler/recorded-response';
import { toErrorResponse } from '../../handler/to-response';
import { FetchRequest } from './fetch-request';
import {
  toCutResponse,
  toGoneResponse,
  toRecordedResponse,
  toWebResponse,
  whenAborted,
} from './web-response';

/** What the host knows of a request beside the `Request`. */
export interface FetchRequestFacts {
  /** Default: `x-request-id` of the request, else a UUID. */
  id?: string | undefined;
  /** Default: a context that writes to the config's `logger`, or nowhere. */
  ctx?: GatewayContext;
  /** What hooks find in `res.locals`, such as `userId`. */
  locals?: Record<string, unknown>;
  /** The client's address, where the host tells it. */
  address?: string | undefined;
}

export interface FetchHandlerOptions {
  /** What stands in the path before `/:scope/:service/:action`. Default `/gateway`. */
  prefix?: string;
  /** Bytes of a request body; a longer one is answered 413. Default 1 MiB. */
  bodyBytes?: number;
  /**
   * Asked once per request, before anything else. `host` is what the host gives its handlers beside the
   * request, such as the context of Hono or the server of Bun.
   */
  prepare?: (request: Request, ...host: never[]) => FetchRequestFacts | Promise<FetchRequestFacts>;
}

/** Answers a web-standard Request; it never rejects. */
export type FetchHandler = (request: Request, ...host: unknown[]) => Promise<Response>;

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST']);
const REFUSED_METHOD = new GatewayCallError(
  { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'Method not allowed' },
  { responseHeaders: { allow: 'GET, POST' } },
);

/**
 * A gateway as a function of web-standard requests: a route handler of Next.js, a handler of Hono, Bun
 * or Deno. The same answers as the Express controller's. Hooks get `HookRequest` and `HookResponse`.
 *
 * @throws TypeError for an option that cannot be, and where the config has connect middlewares, which
 * need a host that has `(req, res)`
 */
export function toFetchHandler(
  gateway: HandlerHost,
  options: FetchHandlerOptions = {},
): FetchHandler {
  checkHostOptions('toFetchHandler', options);
  const { handler, config } = gateway[HANDLER];
  const { prefix = '/gateway', bodyBytes, prepare } = options;
  assertNoMiddlewares(config);

  async function answer(request: Request, host: unknown[]): Promise<Response> {
    if (!METHODS.has(request.method)) throw REFUSED_METHOD;
    const route = matchRoute(new URL(request.url).pathname, prefix);
    if (!route) throw UNKNOWN_PATH;
    const facts = (await prepare?.(request, ...(host as never[]))) ?? {};
    const contentType = request.headers.get('content-type');
    const reading = readJsonBody({ contentType, chunks: request.body }, bodyBytes);
    // Not every host ends the body of a client that has left.
    const read = await Promise.race([reading, whenAborted(request.signal)]);
    if (!read) return toGoneResponse();
    const res = new RecordedResponse(facts.locals);
    const neutral = new FetchRequest({ request, route, facts, read, res }, config);
    const response = await handler(neutral);
    if (neutral.isDestroyed) return toCutResponse();
    if (response) return toWebResponse(response, res.close());
    return toRecordedResponse(res, request.signal);
  }

  return async function handleFetch(request, ...host) {
    try {
      return await answer(request, host);
    } catch (thrown) {
      return refuse(GatewayCallError.from(thrown));
    }
  };
}

/** What `prepare` throws may have any status, and headers that are none. */
function refuse(failure: GatewayCallError): Response {
  const { error } = isErrorStatus(failure.status) ? failure : GatewayCallError.from(undefined);
  const res = new RecordedResponse();
  res.addHeaders(failure.responseHeaders);
  return toWebResponse(toErrorResponse(error, false), res.close());
}

function assertNoMiddlewares({ handlerMiddlewares, errorMiddlewares }: AnyGatewayConfig): void {
  const found = Object.entries({ handlerMiddlewares, errorMiddlewares }).find(
    ([, list]) => list && list.length > 0,
  );
  if (!found) return;
  throw new TypeError(`config.${found[0]} needs (req, res) of Express or connect: not for fetch`);
}
