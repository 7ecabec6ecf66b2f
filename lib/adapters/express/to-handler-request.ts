import type { AnyGatewayConfig } from '../../config/gateway-config';
import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import type { BoundHooks, HandlerRequest } from '../../handler/handler-message';

/** What a request id may look like: it goes into headers and logs. */
const REQUEST_ID = /^[\x21-\x7e]{1,200}$/;

/** Turns `(req, res)` into the neutral request, the user's hooks bound to them. */
export function toHandlerRequest(
  req: GatewayRequest,
  res: GatewayResponse,
  client: HandlerRequest['client'],
  config: AnyGatewayConfig,
): HandlerRequest {
  const params = req.params as Record<string, string | undefined>;
  return {
    scope: params['scope'],
    service: params['service'] ?? '',
    action: params['action'] ?? '',
    method: req.method ?? 'POST',
    headers: req.headers,
    client,
    hooks: bindHooks(req, res, config),
    get requestId() {
      return readRequestId(req);
    },
    get ctx() {
      return req.ctx;
    },
    get body() {
      return req.body as unknown;
    },
    get query() {
      return req.query as unknown;
    },
    get userId() {
      const { userId } = (res.locals ?? {}) as { userId?: unknown };
      return typeof userId === 'number' ? String(userId) : (userId as string | undefined);
    },
    get hasUnparsedBody() {
      const length = Number(req.headers['content-length'] ?? 0);
      return length > 0 || req.headers['transfer-encoding'] !== undefined;
    },
    isAnswered: () => res.headersSent || res.writableEnded,
    isGone: () => res.destroyed,
    setHeaders: (headers) => setHeaders(res, headers),
    destroy: () => void res.destroy(),
  };
}

/** `req.id`, else `x-request-id`; undefined where neither can be sent on as it is. */
function readRequestId(req: GatewayRequest): string | undefined {
  const candidates: unknown[] = [req.id, req.headers['x-request-id']];
  const texts = candidates.map((value) => (typeof value === 'number' ? String(value) : value));
  return texts.find((text): text is string => typeof text === 'string' && REQUEST_ID.test(text));
}

function bindHooks(
  req: GatewayRequest,
  res: GatewayResponse,
  config: AnyGatewayConfig,
): BoundHooks {
  const { onUnknownAction, onBeforeAction, onRequestSuccess, onRequestFailed } = config;
  const { withDebugHeaders } = config;
  return {
    ...(onUnknownAction && { onUnknownAction: (target) => onUnknownAction(req, res, target) }),
    ...(onBeforeAction && {
      onBeforeAction: ({ scope, service, action }, definition) =>
        onBeforeAction(req, res, scope, service, action, definition),
    }),
    ...(onRequestSuccess && { onRequestSuccess: (data) => onRequestSuccess(req, res, data) }),
    ...(onRequestFailed && { onRequestFailed: (error) => onRequestFailed(req, res, error) }),
    withDebugHeaders: () =>
      typeof withDebugHeaders === 'function' ? withDebugHeaders(req, res) : withDebugHeaders,
    getAuthArgs: (hook) => hook(req, res),
  };
}

function setHeaders(
  res: GatewayResponse,
  headers: Readonly<Record<string, string | string[]>>,
): void {
  if (res.headersSent) return;
  for (const [name, value] of Object.entries(headers)) {
    // Cookies of the upstream join those that middlewares have set.
    const before = name === 'set-cookie' ? res.getHeader('set-cookie') : undefined;
    const all = before === undefined ? value : [before, value].flat().map(String);
    setQuietly(res, name, all);
  }
}

/** Debug headers that a thrown value brings may be anything; what cannot be set is left out. */
function setQuietly(res: GatewayResponse, name: string, value: string | string[]): void {
  try {
    res.setHeader(name, value);
  } catch {
    // The answer matters more than a header that cannot be part of it.
  }
}
