import { finished } from 'node:stream';
import type { Readable } from 'node:stream';
import { isReadable } from './call';
import type { CallResult } from './call';
import { endOf, isMessageStream } from './message-stream';

/** Calls `onEnd` once: for data at once, for a stream when it has ended, has failed or was given up. */
export function whenEnded({ responseData }: CallResult, onEnd: (error?: unknown) => void): void {
  if (isMessageStream(responseData)) {
    void endOf(responseData).then(onEnd, onEnd);
  } else if (isReadable(responseData)) {
    // Every layer around a call waits for this end: so many listeners are no leak to warn of.
    const most = responseData.getMaxListeners();
    if (most > 0) responseData.setMaxListeners(most + 1);
    const stopWaiting = finished(responseData, (error) => {
      stopWaiting();
      onEnd(error ?? undefined);
    });
  } else {
    onEnd();
  }
}

/**
 * Calls `onGivenUp` when a stream is destroyed before its end. Of a generator that waits for its next
 * value, `close` would come after that: never, where nobody ends what it waits for.
 */
export function whenGivenUp(stream: Readable, onGivenUp: () => void): void {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, done) => {
    if (!stream.readableEnded) onGivenUp();
    destroy(error, done);
  };
}
