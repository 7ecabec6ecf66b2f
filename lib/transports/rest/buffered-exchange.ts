import type { Dispatcher } from 'undici';
import type { CallAborted, Ending } from '../../call/abort';
import { overlong, tooLarge } from './read-body';
import type { BodyLimits } from './read-body';
import type { Lease } from './connection-pool';

/** An answer as it came: headers as names and values in turn, the body still encoded. */
export interface RawAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly rawHeaders: readonly Buffer[];
  readonly body: Buffer;
}

/** Where an exchange stopped, as far as it got. */
export class ExchangeFailure extends Error {
  constructor(
    override readonly cause: Error,
    /** The head of the answer, where that had come. */
    readonly head: Omit<RawAnswer, 'body'> | undefined,
  ) {
    super(cause.message);
  }
}

type Resolve = (answer: RawAnswer) => void;
type Reject = (failure: ExchangeFailure) => void;

/** Reads one answer whole. These are the handlers that undici calls. */
class Exchange implements Dispatcher.DispatchHandler {
  private head: Omit<RawAnswer, 'body'> | undefined;
  private readonly chunks: Buffer[] = [];
  private total = 0;
  private abort: ((reason: Error) => void) | undefined;

  constructor(
    private readonly lease: Lease,
    private readonly limits: BodyLimits,
    private readonly ending: Ending,
    private readonly settle: { readonly resolve: Resolve; readonly reject: Reject },
  ) {}

  onConnect(abort: (reason?: Error) => void): void {
    this.abort = abort;
    if (this.ending.reason) this.onEnd(this.ending.reason);
    else this.ending.onEnd(this.onEnd);
  }

  onHeaders(
    status: number,
    rawHeaders: Buffer[],
    _resume: () => void,
    statusText: string,
  ): boolean {
    if (status >= 200) this.head = { status, rawHeaders, statusText };
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.total += chunk.length;
    if (this.total > this.limits.maxBytes) this.abort?.(tooLarge(this.limits));
    this.chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    this.ending.offEnd(this.onEnd);
    // What comes behind the body in one piece with it is found only after this call (U3).
    queueMicrotask(() => this.complete());
  }

  onError(error: Error): void {
    this.ending.offEnd(this.onEnd);
    this.settle.reject(new ExchangeFailure(error, this.head));
  }

  private complete(): void {
    const { head, chunks, total, lease } = this;
    if (!head || isOverlong(lease)) {
      return this.settle.reject(new ExchangeFailure(overlong(), head));
    }
    const [first] = chunks;
    const body = chunks.length === 1 && first ? first : Buffer.concat(chunks, total);
    this.settle.resolve({ ...head, body });
  }

  private readonly onEnd = (reason: CallAborted) => this.abort?.(reason);
}

/** A parser that stumbles right after a whole answer has found bytes that belong to none. */
function isOverlong({ socket }: Lease): boolean {
  const { code, message } = (socket?.errored ?? {}) as { code?: string; message?: string };
  return code?.startsWith('HPE_') === true || message === 'bad response';
}

/** Sends a request on a leased connection. Rejects with ExchangeFailure. */
export function exchangeBuffered(
  lease: Lease,
  options: Dispatcher.DispatchOptions,
  { limits, ending }: { readonly limits: BodyLimits; readonly ending: Ending },
): Promise<RawAnswer> {
  return new Promise<RawAnswer>((resolve, reject) => {
    lease.dispatch(options, new Exchange(lease, limits, ending, { resolve, reject }));
  });
}
