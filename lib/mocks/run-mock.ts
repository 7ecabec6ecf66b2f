import { finished, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallAbort, CallAborted } from '../call/abort';
import { toAbortFailure } from '../call/abort-failure';
import type { CallHandler } from '../call/action';
import { createFailure, toCallFailure } from '../call/failure';
import { toMessageStream } from '../call/message-stream';
import { GatewayCallError } from '../errors/gateway-error';
import { MockDelay, MockFailure } from './mock-answers';

export interface MockPlan {
  readonly mock: unknown;
  /** Of a server stream: the mock is the list of its messages. */
  readonly isStream: boolean;
  /** Milliseconds that a call without a timeout of its own may take; 0 for none. */
  readonly timeoutMs: number;
}

/** The innermost handler of a mocked action: nothing is prepared, and nothing is sent. */
export function createRunMock({ mock, isStream, timeoutMs }: MockPlan): CallHandler {
  return async function runMock(call) {
    const abort = new CallAbort(call.signal);
    abort.startDeadline(call.timeout ?? timeoutMs);
    try {
      const data = await abort.race(answerOf(mock, call.args, abort.signal));
      return { responseData: isStream ? toMessages(data) : data };
    } catch (thrown) {
      if (thrown instanceof CallAborted) throw createFailure(call, toAbortFailure(thrown));
      throw toCallFailure(call, thrown);
    } finally {
      abort.dispose();
    }
  };
}

async function answerOf(mock: unknown, args: unknown, signal: AbortSignal): Promise<unknown> {
  if (mock instanceof MockFailure) throw new GatewayCallError({ ...mock.error });
  if (mock instanceof MockDelay) {
    await sleep(mock.delayMs, undefined, { signal, ref: false });
    return answerOf(mock.answer, args, signal);
  }
  if (typeof mock !== 'function') return copyData(mock);
  return answerOf(await (mock as (args: unknown) => unknown)(args), args, signal);
}

/** Hooks and mixed actions may change what they are given: the next call gets the same mock anew. */
function copyData(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(copyData);
  if (typeof data !== 'object' || data === null) return data;
  const prototype: unknown = Object.getPrototypeOf(data);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, copyData(value)]));
}

function toMessages(data: unknown) {
  if (!Array.isArray(data)) throw new TypeError('The mock of a server stream is no list');
  const stream = Readable.from(data);
  const end = new Promise((resolve) => finished(stream, (error) => resolve(error ?? undefined)));
  return toMessageStream(Object.assign(stream, { cancel: () => void stream.destroy() }), end);
}
