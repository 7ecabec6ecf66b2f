import type { Readable } from 'node:stream';
import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import type { HandlerRequest } from '../../handler/handler-message';
import { hasBody } from './has-body';
import { RawBody } from './raw-body';

type ProxiedRequest = NonNullable<HandlerRequest['proxied']>['request'];

/** `(req, res)` as a request that is passed on as it is. */
export class RawRequest implements ProxiedRequest {
  private readonly over = new AbortController();

  constructor(
    private readonly req: GatewayRequest,
    private readonly res: GatewayResponse,
  ) {
    const onClose = () => this.over.abort();
    // Also after a whole answer: what interceptors have left of the upstream's, nobody will read.
    if (res.destroyed) onClose();
    else res.once('close', onClose);
  }

  /** `app.use` takes off the path that it is mounted at. */
  get url(): string {
    return this.req.url ?? '/';
  }

  get httpVersion(): string {
    return this.req.httpVersion;
  }

  get protocol() {
    return 'encrypted' in this.req.socket ? 'https' : 'http';
  }

  get hasBody(): boolean {
    return hasBody(this.req.headers);
  }

  get isBodyRead(): boolean {
    return this.hasBody && (this.req.readableDidRead || this.req.readableEnded);
  }

  get signal(): AbortSignal {
    return this.over.signal;
  }

  openBody(): Readable {
    const { req, res } = this;
    // Where the server has a listener for `checkContinue`, Node leaves this to the handler.
    const { _sent100: isSent } = res as { _sent100?: boolean };
    const isAwaited = /^100-continue$/i.test(req.headers.expect ?? '');
    if (isAwaited && isSent !== true && req.httpVersion === '1.1') res.writeContinue();
    return new RawBody(req);
  }
}
