import { Stream } from 'node:stream';
import type { ContextBinding } from '../api/context-binding';
import { CallAborted } from '../call/abort';
import type { CallAbort } from '../call/abort';
import { toAbortFailure } from '../call/abort-failure';
import { discard } from '../call/call';
import type { AnyPart } from './part';
import { createPartFailure } from './part-failure';

/** Gives the function of a part its inputs: an api that is bound to the part's signal, and the signal. */
export type StartPart = (part: AnyPart, api: unknown, abortSignal: AbortSignal) => unknown;

export interface Surroundings {
  readonly api: unknown;
  /** Undefined for an api that calls cannot be cancelled through. */
  readonly binding: ContextBinding | undefined;
  readonly start: StartPart;
}

/**
 * Runs a part within its time. When it fails, whatever it has started ends too.
 *
 * @throws CallAborted when it was cancelled; a GatewayCallError, or what the function has thrown
 */
export async function runPart(
  part: AnyPart,
  abort: CallAbort,
  surroundings: Surroundings,
): Promise<unknown> {
  const { binding } = surroundings;
  try {
    abort.throwIfAborted();
    abort.startDeadline(part.timeoutMs);
    return await abort.race(readData(part, abort.signal, surroundings));
  } catch (thrown) {
    abort.cancel();
    const isLate = thrown instanceof CallAborted && thrown.kind === 'timeout';
    throw isLate ? createPartFailure(binding, toAbortFailure(thrown)) : thrown;
  } finally {
    abort.dispose();
  }
}

async function readData(
  part: AnyPart,
  abortSignal: AbortSignal,
  { api, binding, start }: Surroundings,
): Promise<unknown> {
  const data = await start(part, binding ? binding.narrow(abortSignal) : api, abortSignal);
  if (!(data instanceof Stream)) return data;
  discard(data);
  throw createPartFailure(binding, {
    status: 501,
    code: 'STREAM_NOT_SUPPORTED',
    text: 'streamNotSupported',
  });
}
