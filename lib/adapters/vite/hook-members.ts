import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import { assertHookStatus, toJsonBody, toSentBody } from '../../handler/hook-body';
import type { HookBody } from '../../handler/hook-body';

/**
 * Adds to a request of node what `HookRequest` has, where its host has not: under Express, what is
 * there already stays.
 */
export function toGatewayRequest(req: IncomingMessage, params: object, query: object) {
  return Object.assign(addMissing(req, { query, body: undefined }), { params }) as GatewayRequest;
}

/** The same for a response and `HookResponse`. */
export function toGatewayResponse(res: ServerResponse): GatewayResponse {
  return addMissing(res, createResponseMembers(res)) as GatewayResponse;
}

function addMissing<T extends object>(target: T, members: object): T {
  const missing = Object.entries(members).filter(([name]) => !(name in target));
  return Object.assign(target, Object.fromEntries(missing));
}

function createResponseMembers(res: ServerResponse) {
  function set(field: string | Record<string, unknown>, value?: unknown) {
    const all = typeof field === 'string' ? [[field, value] as const] : Object.entries(field);
    for (const [name, one] of all) {
      res.setHeader(name, Array.isArray(one) ? one.map(String) : String(one));
    }
    return res;
  }

  function end({ body, contentType }: HookBody) {
    if (res.headersSent || res.writableEnded) throw new Error('The answer is already sent');
    if (contentType && !res.hasHeader('content-type')) res.setHeader('content-type', contentType);
    // As bytes: node writes a text together with the head, whose latin1 would become UTF-8.
    res.end(typeof body === 'string' ? Buffer.from(body) : body);
    return res;
  }

  return {
    locals: {},
    status(code: number) {
      assertHookStatus(code);
      res.statusCode = code;
      return res;
    },
    set,
    json: (data?: unknown) => end(toJsonBody(data)),
    send: (data?: unknown) => end(toSentBody(data)),
  };
}
