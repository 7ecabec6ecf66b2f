import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import { GatewayCallError } from '../../errors/gateway-error';
import { isBelowPrefix, matchRoute, UNKNOWN_PATH } from '../../handler/match-route';
import { isJsonBody, readJsonBody } from '../../handler/read-json-body';
import { toErrorResponse } from '../../handler/to-response';
import { toGatewayRequest, toGatewayResponse } from './hook-members';
import type { ConnectHandler } from './vite-types';

export interface MountOptions {
  readonly prefix: string;
  readonly bodyBytes: number | undefined;
}

/** Answers `(req, res)` that have the members of Express that `GatewayRequest` and `-Response` name. */
export type Controller = (req: GatewayRequest, res: GatewayResponse) => Promise<void>;

const METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'POST']);

/** Hands what is below the prefix to the controller, and everything else on. */
export function createConnectHandler(
  controller: Controller,
  { prefix, bodyBytes }: MountOptions,
): ConnectHandler {
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      const { path, query } = splitUrl(req);
      const route = matchRoute(path, prefix);
      if (!route) throw UNKNOWN_PATH;
      const known = toGatewayRequest(req, { ...route }, parseQuery(query));
      known.body ??= await readBody(req, bodyBytes);
      await controller(known, toGatewayResponse(res));
    } catch (thrown) {
      // Unread bytes of a body would hold back the next request of the connection.
      req.resume();
      refuse(res, GatewayCallError.from(thrown));
    }
  }

  return function handleGateway(req, res, next) {
    if (!METHODS.has(req.method) || !isBelowPrefix(splitUrl(req).path, prefix)) return next();
    void answer(req, res);
  };
}

function splitUrl({ url = '/' }: IncomingMessage): { path: string; query: string } {
  const [path = '', ...rest] = url.split('?');
  return { path, query: rest.join('?') };
}

/** JSON only: a body of another type stays unread, for middlewares that parse it. */
async function readBody(req: IncomingMessage, maxBytes: number | undefined): Promise<unknown> {
  const contentType = req.headers['content-type'];
  if (req.method === 'GET' || !isJsonBody(contentType)) return undefined;
  // A request that is given up half-read would take its connection along, and the answer with it.
  const chunks = req.iterator({ destroyOnReturn: false });
  return (await readJsonBody({ contentType, chunks }, maxBytes)).body;
}

function refuse(res: ServerResponse, { error, responseHeaders }: GatewayCallError): void {
  const { status, headers, body } = toErrorResponse(error, false);
  res.writeHead(status, { ...headers, ...responseHeaders }).end(body);
}
