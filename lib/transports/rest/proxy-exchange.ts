import type { Dispatcher } from 'undici';
import type { EndListener, Ending } from '../../call/abort';
import { MAX_TIMER_MS } from '../../call/abort';
import { ProxiedAnswer } from '../../call/proxied';
import { readTrailers, splitAnswerHeaders } from '../../headers/proxied-answer-headers';
import { outliveBrokenPipe } from './broken-pipe';
import { ExchangeFailure, findFault } from './buffered-exchange';
import type { Lease } from './lane';
import { INVALID_RESPONSE } from './parse-response';
import { BodyFault, hasKnownTransferCoding, overlong } from './read-body';

export interface ProxyExchangeInput {
  readonly ending: Ending;
  /** Milliseconds without data, once the answer has begun; 0 for any. */
  readonly idleMs: number;
  /** Called with the size of every piece of the answer. */
  readonly count: (bytes: number) => void;
  /** What ends an answer under way, in the words of other failures. */
  readonly toError: (failure: ExchangeFailure) => Error;
}

const BODILESS: ReadonlySet<number> = new Set([204, 304]);

interface Settle {
  readonly resolve: (answer: ProxiedAnswer) => void;
  readonly reject: (failure: ExchangeFailure) => void;
}

/** Passes one answer on while it comes in. These are the handlers that undici calls. */
class ProxyExchange implements Dispatcher.DispatchHandler {
  private answer: ProxiedAnswer | undefined;
  private abort: ((reason: Error) => void) | undefined;
  private idle: NodeJS.Timeout | undefined;
  private isOver = false;
  private mendPipe: (() => void) | undefined;

  constructor(
    private readonly lease: Lease,
    private readonly input: ProxyExchangeInput,
    private readonly settle: Settle,
  ) {
    input.ending.onEnd(this.onEnd);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.abort = abort;
    this.lease.expectHead();
    const { socket } = this.lease;
    if (socket) this.mendPipe = outliveBrokenPipe(socket);
  }

  onBodySent(): void {
    this.idle?.refresh();
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    if (status < 200) return true;
    const { headers, bodyHeaders, transferCoding } = splitAnswerHeaders(rawHeaders, status);
    if (status > 599) throw new BodyFault(INVALID_RESPONSE, 'status out of range');
    if (!hasKnownTransferCoding(transferCoding)) {
      throw new BodyFault(INVALID_RESPONSE, 'unknown transfer coding');
    }
    this.answer = new ProxiedAnswer(
      { status, headers, bodyHeaders },
      { read: resume, destroy: this.onDestroy },
    );
    // A reader that has gone away must not turn a late error into an uncaught one.
    this.answer.on('error', () => undefined);
    this.startIdleTimer();
    this.settle.resolve(this.answer);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.idle?.refresh();
    this.input.count(chunk.length);
    return this.answer?.push(chunk) ?? true;
  }

  onComplete(rawTrailers: string[] | null): void {
    // What comes behind the body in one piece with it is found only after this call (U3).
    queueMicrotask(() => {
      const fault = this.answer ? findFault(this.lease) : overlong();
      if (fault) return this.fail(fault);
      this.finish();
      if (!this.answer) return;
      this.answer.trailers = readTrailers(rawTrailers);
      this.answer.push(null);
    });
  }

  onError(error: Error): void {
    this.fail(error);
  }

  private fail(error: Error): void {
    this.finish();
    const failure = new ExchangeFailure(error, undefined);
    const { answer } = this;
    if (!answer) this.settle.reject(failure);
    // undici waits for the length that a 304 may state, of a body that it never has (RFC 9110 section 8.6).
    else if (BODILESS.has(answer.head.status)) answer.push(null);
    else answer.destroy(this.input.toError(failure));
  }

  private finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.idle);
    this.mendPipe?.();
    this.input.ending.offEnd(this.onEnd);
    this.lease.giveBack();
  }

  private startIdleTimer(): void {
    const { idleMs } = this.input;
    if (!(idleMs > 0) || idleMs > MAX_TIMER_MS) return;
    this.idle = setTimeout(() => {
      // Bytes that wait for a slow reader are no sign of a silent upstream.
      if (this.answer?.readableLength) this.idle?.refresh();
      else this.stop(new BodyFault('ECONNABORTED', `no data for ${idleMs} ms`));
    }, idleMs).unref();
  }

  /** undici can abort what it has begun to send, not what waits for a connection. */
  private stop(reason: Error): void {
    if (this.isOver) return;
    if (this.abort) this.abort(reason);
    else this.lease.drop(reason);
  }

  private readonly onEnd: EndListener = (reason) => this.stop(reason);

  private readonly onDestroy = (error: Error | null, done: (error?: Error | null) => void) => {
    this.stop(error ?? new Error('The answer is no longer wanted'));
    done(error);
  };
}

/** Sends a request on a leased connection; resolves with the head of its answer. Rejects with ExchangeFailure. */
export function exchangeProxied(
  lease: Lease,
  options: Dispatcher.DispatchOptions,
  input: ProxyExchangeInput,
): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    const { reason } = input.ending;
    if (!reason)
      return lease.dispatch(options, new ProxyExchange(lease, input, { resolve, reject }));
    lease.giveBack();
    reject(new ExchangeFailure(reason, undefined));
  });
}
