import { finished } from 'node:stream';
import type { Readable } from 'node:stream';

/** Calls `onEnd` once: when a stream has ended, has failed or was given up. */
export function whenEnded(stream: Readable, onEnd: (error?: Error | null) => void): void {
  // Every layer around a call waits for this end: so many listeners are no leak to warn of.
  const most = stream.getMaxListeners();
  if (most > 0) stream.setMaxListeners(most + 1);
  finished(stream, onEnd);
}
