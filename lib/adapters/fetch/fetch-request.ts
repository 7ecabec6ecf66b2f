import type { IncomingHttpHeaders } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { AnyGatewayConfig } from '../../config/gateway-config';
import type { HookRequest } from '../../config/hook-types';
import { bindHooks } from '../../handler/bind-hooks';
import type { BoundHooks, HandlerRequest } from '../../handler/handler-message';
import { HookedRequest } from '../../handler/hooked-request';
import type { Route } from '../../handler/match-route';
import type { RecordedResponse } from '../../handler/recorded-response';
import type { ReadBody } from '../../handler/read-json-body';
import type { FetchRequestFacts } from './fetch-handler';

export interface FetchRequestParts {
  readonly request: Request;
  readonly route: Route;
  readonly facts: FetchRequestFacts;
  readonly read: ReadBody;
  readonly res: RecordedResponse;
}

/** A web-standard request as the neutral one; hooks see `HookRequest` and `HookResponse`. */
export class FetchRequest extends HookedRequest implements HandlerRequest {
  readonly scope: string | undefined;
  readonly service: string;
  readonly action: string;
  readonly hooks: BoundHooks;
  readonly client: HandlerRequest['client'];
  readonly hasUnparsedBody: boolean;
  /** Whether a hook has answered and then failed: the answer is to be cut. */
  isDestroyed = false;
  protected readonly req: HookRequest;
  protected readonly res: RecordedResponse;
  private readonly request: Request;

  constructor({ request, route, facts, read, res }: FetchRequestParts, config: AnyGatewayConfig) {
    super();
    const { pathname, search } = new URL(request.url);
    this.scope = route.scope;
    this.service = route.service;
    this.action = route.action;
    this.request = request;
    this.res = res;
    this.req = {
      id: facts.id,
      ...(facts.ctx && { ctx: facts.ctx }),
      method: request.method,
      url: pathname + search,
      headers: toIncomingHeaders(request.headers),
      params: { ...route },
      query: parseQuery(search.slice(1)),
      body: read.body,
    };
    this.hasUnparsedBody = read.isUnparsed;
    this.hooks = bindHooks(this.req, res, config);
    const { address } = facts;
    this.client = { signal: request.signal, ...(address !== undefined && { address }) };
  }

  get method() {
    return this.request.method;
  }

  isAnswered() {
    return this.res.headersSent;
  }

  isGone() {
    return this.request.signal.aborted;
  }

  onceClosed(listener: () => void) {
    void this.res.answered.then(listener);
    const { signal } = this.request;
    signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  }

  setHeaders(headers: Readonly<Record<string, string | string[]>>) {
    if (!this.res.headersSent) this.res.addHeaders(headers);
  }

  destroy() {
    this.isDestroyed = true;
  }
}

/** Names in lower case already; several cookies of a request are one header. */
function toIncomingHeaders(headers: Headers): IncomingHttpHeaders {
  return Object.fromEntries(headers);
}
