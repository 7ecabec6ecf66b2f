import { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';

/**
 * The body of a request, held back by whoever reads it. Destroyed before its end, it leaves the
 * request, on whose connection the answer goes, and lets the rest run dry: only then can the client
 * read the answer, and use the connection again.
 */
export class RawBody extends Readable {
  constructor(private readonly req: IncomingMessage) {
    super();
    // Nothing may come before it is asked for.
    req.pause();
    req.on('data', this.onData).on('end', this.onEnd).on('close', this.onClose);
    // A client that leaves is told by `close`, also when nobody sends the body any more.
    req.on('error', () => undefined);
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.req.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const { req } = this;
    req.off('data', this.onData).off('end', this.onEnd).off('close', this.onClose);
    req.resume();
    done(error);
  }

  private readonly onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.req.pause();
  };

  private readonly onEnd = (): void => void this.push(null);

  private readonly onClose = (): void => {
    if (!this.req.complete) this.destroy(new Error('The client left before its request was whole'));
  };
}
