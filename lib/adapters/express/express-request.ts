import type { AnyGatewayConfig } from '../../config/gateway-config';
import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import type { BoundHooks, HandlerRequest } from '../../handler/handler-message';
import { bindHooks } from '../../handler/bind-hooks';
import { HookedRequest } from '../../handler/hooked-request';
import { hasBody } from './has-body';

/** What of the upstream joins what middlewares have set: cookies, and what a cache must look at. */
const JOINED: ReadonlySet<string> = new Set(['set-cookie', 'vary']);

/** `(req, res)` as the neutral request; what hooks may change is read when it is asked for. */
export class ExpressRequest extends HookedRequest implements HandlerRequest {
  readonly scope: string | undefined;
  readonly service: string;
  readonly action: string;
  readonly hooks: BoundHooks;

  constructor(
    protected readonly req: GatewayRequest,
    protected readonly res: GatewayResponse,
    readonly client: HandlerRequest['client'],
    config: AnyGatewayConfig,
  ) {
    super();
    const params = req.params as Record<string, string | undefined>;
    this.scope = params['scope'];
    this.service = params['service'] ?? '';
    this.action = params['action'] ?? '';
    this.hooks = bindHooks(req, res, config);
  }

  get method() {
    return this.req.method ?? 'POST';
  }

  get hasUnparsedBody() {
    return hasBody(this.req.headers);
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
