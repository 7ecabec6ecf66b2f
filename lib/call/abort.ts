import { setMaxListeners } from 'node:events';
import type { Call } from './call';

/** Why a call ended early: its own time was over, or its caller no longer wants it. */
export class CallAborted extends Error {
  override readonly name = 'CallAborted';

  constructor(readonly kind: 'timeout' | 'cancelled') {
    super(kind === 'timeout' ? 'The time of the call is over' : 'The call was cancelled');
  }
}

/** setTimeout takes 31 bits; a longer wait is as good as none. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Tells of the early end of a call, for a fraction of what an AbortSignal costs. */
export interface Ending {
  /** Why the call has ended early. */
  readonly reason: CallAborted | undefined;
  onEnd(listener: EndListener): void;
  offEnd(listener: EndListener): void;
}

export type EndListener = (reason: CallAborted) => void;

/**
 * Joins what can end a call, the caller's signals and the deadline, into one. `dispose` takes every
 * listener and timer off.
 */
export class CallAbort implements Ending {
  reason: CallAborted | undefined;
  private controller: AbortController | undefined;
  private readonly listeners = new Set<EndListener>();
  private readonly sources: readonly AbortSignal[];
  private timer: NodeJS.Timeout | undefined;
  /** Ends the call as its caller would. */
  readonly cancel = () => this.end('cancelled');
  /** Rejects when the call ends early; there from the first race on. */
  private ended: Promise<never> | undefined;
  private rejectEnded: ((reason: Error) => void) | undefined;

  constructor(...sources: (AbortSignal | undefined)[]) {
    this.sources = sources.filter((source) => source !== undefined);
    for (const source of this.sources) {
      allowManyListeners(source);
      if (source.aborted) this.cancel();
      else source.addEventListener('abort', this.cancel, { once: true });
    }
  }

  /** For what knows signals only; made when it is first asked for. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.reason) this.controller.abort(this.reason);
    return this.controller.signal;
  }

  onEnd(listener: EndListener): void {
    this.listeners.add(listener);
  }

  offEnd(listener: EndListener): void {
    this.listeners.delete(listener);
  }

  /** Starts the deadline; 0 and Infinity mean none. The timer does not hold the process. */
  startDeadline(timeoutMs: number): void {
    if (!(timeoutMs > 0) || timeoutMs > MAX_TIMER_MS) return;
    this.timer = setTimeout(() => this.end('timeout'), timeoutMs).unref();
  }

  stopDeadline(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private end(kind: CallAborted['kind']): void {
    if (this.reason) return;
    this.reason = new CallAborted(kind);
    this.controller?.abort(this.reason);
    for (const listener of this.listeners) listener(this.reason);
    this.rejectEnded?.(this.reason);
  }

  /** Settles with the promise, or rejects at once when the call ends early. */
  race<T>(promise: Promise<T>): Promise<T> {
    this.ended ??= this.createEnded();
    return Promise.race([promise, this.ended]);
  }

  private createEnded(): Promise<never> {
    const ended = new Promise<never>((_resolve, reject) => {
      this.rejectEnded = reject;
      if (this.reason) reject(this.reason);
    });
    // Of a call that has ended already, nobody may be waiting.
    ended.catch(() => undefined);
    return ended;
  }

  throwIfAborted(): void {
    if (this.reason) throw this.reason;
  }

  dispose(): void {
    this.stopDeadline();
    for (const source of this.sources) source.removeEventListener('abort', this.cancel);
  }
}

/** Any number of calls may share a signal; Node warns on the console of the eleventh. */
function allowManyListeners(signal: AbortSignal): void {
  if (signal instanceof AbortSignal && Object.isExtensible(signal)) setMaxListeners(0, signal);
}

/** The signal of the browser's connection, for actions that end with it. */
export function clientSignalOf(call: Call, abortOnClientDisconnect: boolean | undefined) {
  return abortOnClientDisconnect === true ? call.client?.signal : undefined;
}
