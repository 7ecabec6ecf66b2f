import type { GatewayRequest, GatewayResponse } from '../../config/hook-types';
import type { HandlerRequest } from '../../handler/handler-message';

type Client = HandlerRequest['client'];

/** The connection of the browser. Its signal is made when it is first asked for: most calls never do. */
export class ClientConnection implements Client {
  readonly peerAddress?: string;
  private controller: AbortController | undefined;
  private isGone = false;

  constructor(
    private readonly req: GatewayRequest,
    private readonly res: GatewayResponse,
  ) {
    const { remoteAddress } = req.socket;
    if (remoteAddress !== undefined) this.peerAddress = remoteAddress;
    if (res.destroyed || req.socket.destroyed) this.isGone = true;
    else res.once('close', this.onClose);
  }

  /** Express's `req.ip`, which respects `trust proxy`; it parses headers, so only for those who ask. */
  get address(): string | undefined {
    const { ip } = this.req as { ip?: unknown };
    return typeof ip === 'string' ? ip : this.peerAddress;
  }

  /** Fires when the connection closes before the answer was sent. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.isGone) this.controller.abort();
    return this.controller.signal;
  }

  dispose(): void {
    this.res.off('close', this.onClose);
  }

  private readonly onClose = (): void => {
    if (this.res.writableFinished) return;
    this.isGone = true;
    this.controller?.abort();
  };
}
