import type { AnyGatewayConfig } from '../../config/gateway-config';
import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import type { BoundHooks, HandlerRequest } from '../../handler/handler-message';
import { bindHooks } from '../../handler/bind-hooks';
import { readRequestId } from '../../handler/request-id';

/** What of the upstream joins what middlewares have set: cookies, and what a cache must look at. */
const JOINED: ReadonlySet<string> = new Set(['set-cookie', 'vary']);

/** `(req, res)` as the neutral request; what hooks may change is read when it is asked for. */
export class ExpressRequest implements HandlerRequest {
  readonly scope: string | undefined;
  readonly service: string;
  readonly action: string;
  readonly hooks: BoundHooks;

  constructor(
    private readonly req: GatewayRequest,
    private readonly res: GatewayResponse,
    readonly client: HandlerRequest['client'],
    config: AnyGatewayConfig,
  ) {
    const params = req.params as Record<string, string | undefined>;
    this.scope = params['scope'];
    this.service = params['service'] ?? '';
    this.action = params['action'] ?? '';
    this.hooks = bindHooks(req, res, config);
  }

  get method() {
    return this.req.method ?? 'POST';
  }

  get headers() {
    return this.req.headers;
  }

  /** `req.id`, else `x-request-id`; undefined where neither can be sent on as it is. */
  get requestId() {
    return readRequestId(this.req);
  }

  get ctx() {
    return this.req.ctx;
  }

  get body() {
    return this.req.body as unknown;
  }

  get query() {
    return this.req.query as unknown;
  }

  get userId() {
    const { userId } = (this.res.locals ?? {}) as { userId?: unknown };
    return typeof userId === 'number' ? String(userId) : (userId as string | undefined);
  }

  get hasUnparsedBody() {
    const { headers } = this.req;
    return Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  }

  isAnswered() {
    return this.res.headersSent || this.res.writableEnded;
  }

  isGone() {
    return this.res.destroyed;
  }

  onceClosed(listener: () => void) {
    const { res } = this;
    // `close` comes after `finish`, except for an answer that was over before.
    if (res.destroyed || res.writableFinished) setImmediate(listener);
    res.once('finish', listener).once('close', listener);
    return () => void res.off('finish', listener).off('close', listener);
  }

  setHeaders(headers: Readonly<Record<string, string | string[]>>) {
    const { res } = this;
    if (res.headersSent) return;
    for (const [name, value] of Object.entries(headers)) {
      const before = JOINED.has(name) ? res.getHeader(name) : undefined;
      const all = before === undefined ? value : [before, value].flat().map(String);
      setQuietly(res, name, all);
    }
  }

  destroy() {
    this.res.destroy();
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
