import type { Dispatcher } from 'undici';
import type { CallAborted, Ending } from '../../call/abort';
import { cutShort, overlong, tooLarge } from './read-body';
import type { BodyFault, BodyLimits } from './read-body';
import type { Lease } from './lane';

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

/** How much may be read of the body under a status. */
export type LimitsOf = (status: number) => BodyLimits;

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
    private readonly limitsOf: LimitsOf,
    private readonly ending: Ending,
    private readonly settle: { readonly resolve: Resolve; readonly reject: Reject },
  ) {
    ending.onEnd(this.onEnd);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.abort = abort;
    this.lease.expectHead();
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
    const limits = this.limitsOf(this.head?.status ?? 0);
    if (this.total > limits.maxBytes) this.abort?.(tooLarge(limits));
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
    const fault = head ? findFault(lease) : overlong();
    if (!head || fault) return this.settle.reject(new ExchangeFailure(fault ?? overlong(), head));
    const [first] = chunks;
    const body = chunks.length === 1 && first ? first : Buffer.concat(chunks, total);
    this.settle.resolve({ ...head, body });
  }

  /** undici can abort what it has begun to send, not what waits for a connection. */
  private readonly onEnd = (reason: CallAborted) => {
    if (this.abort) this.abort(reason);
    else this.lease.drop(reason);
  };
}

/** What undici takes for the end of an answer, but is none. */
export function findFault({ socket, hasLeftover }: Lease): BodyFault | undefined {
  const { code, message } = (socket?.errored ?? {}) as { code?: string; message?: string };
  // A reset, where the body was to end with the connection.
  if (code === 'ECONNRESET') return cutShort();
  // A parser that stumbles right after a whole answer has found bytes that belong to none.
  const isStumble = code?.startsWith('HPE_') === true || message === 'bad response';
  return isStumble || hasLeftover ? overlong() : undefined;
}

/** Sends a request on a leased connection. Rejects with ExchangeFailure. */
export function exchangeBuffered(
  lease: Lease,
  options: Dispatcher.DispatchOptions,
  { limitsOf, ending }: { readonly limitsOf: LimitsOf; readonly ending: Ending },
): Promise<RawAnswer> {
  return new Promise<RawAnswer>((resolve, reject) => {
    if (ending.reason) return reject(new ExchangeFailure(ending.reason, undefined));
    lease.dispatch(options, new Exchange(lease, limitsOf, ending, { resolve, reject }));
  });
}
