import { finished } from 'node:stream';
import type { Readable } from 'node:stream';
import { isReadable } from '../call/call';
import type { Call, CallResult } from '../call/call';
import { ProxiedAnswer } from '../call/proxied';
import { toStreamFailure } from '../call/stream-failure';
import type { HandlerRequest } from './handler-message';

/**
 * Waits for the first piece of a streamed answer, or its end: what breaks before that can still be
 * answered as the failure it is (RELIABILITY U3). Who leaves meanwhile takes the stream along. What is
 * passed on as it comes has begun with its head: an event stream may be quiet for long.
 */
export async function whenBegun(
  request: HandlerRequest,
  call: Call,
  { responseData }: CallResult,
): Promise<void> {
  if (!isReadable(responseData) || responseData instanceof ProxiedAnswer) return;
  const off = request.onceClosed(() => responseData.destroy());
  try {
    await firstPiece(responseData);
  } catch (error) {
    throw toStreamFailure(call, error);
  } finally {
    off();
  }
}

function firstPiece(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopWaiting = finished(stream, { writable: false }, (error) => {
      stop();
      if (error) reject(error);
      else resolve();
    });
    const onReadable = () => {
      stop();
      resolve();
    };
    function stop(): void {
      stopWaiting();
      stream.off('readable', onReadable);
    }
    stream.once('readable', onReadable);
  });
}
