import { MAX_TIMER_MS } from '../../call/abort';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { pipeline, Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { createDecodingStream } from './content-decoding';
import { BodyFault, codingsOf, cutShort, isOverlong, overlong, tooLarge } from './read-body';
import type { BodyLimits } from './read-body';

/** Called with the size of every piece of decoded body. */
export type CountBytes = (bytes: number) => void;

/**
 * The decoded body as a stream: errors and aborts go both ways, the reader's pace holds the upstream
 * back, and an upstream that is silent for `idleMs` while the reader waits is given up (U2).
 */
export function streamBody(
  message: IncomingMessage,
  limits: BodyLimits,
  idleMs: number,
  count: CountBytes,
): Readable {
  if (isOverlong(message)) throw overlong();
  const meter = createMeter(limits, count);
  const decoders = codingsOf(message.headers, limits).map(createDecodingStream);
  const idle = startIdleTimer(meter, idleMs);
  message.on('data', () => idle?.refresh());
  message.on('end', () => void (isOverlong(message) && meter.destroy(overlong())));
  // A reset that ends a body without a length is an error of the request only.
  const { req: request } = message as IncomingMessage & { req?: ClientRequest };
  const onError = () => void meter.destroy(cutShort());
  request?.on('error', onError);
  pipeline([message, ...decoders, meter], () => {
    clearTimeout(idle);
    request?.off('error', onError);
  });
  // A reader that has gone away must not turn a late error into an uncaught one.
  meter.on('error', () => undefined);
  return meter;
}

function createMeter(limits: BodyLimits, count: CountBytes): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      total += chunk.length;
      count(chunk.length);
      if (total > limits.maxBytes) callback(tooLarge(limits));
      else callback(null, chunk);
    },
  });
}

function startIdleTimer(meter: Transform, idleMs: number): NodeJS.Timeout | undefined {
  if (!(idleMs > 0) || idleMs > MAX_TIMER_MS) return undefined;
  const onIdle = () => {
    // Bytes that wait for a slow reader are no sign of a silent upstream.
    if (meter.readableLength > 0) timer.refresh();
    else meter.destroy(new BodyFault('ECONNABORTED', `no data for ${idleMs} ms`));
  };
  const timer = setTimeout(onIdle, idleMs).unref();
  return timer;
}
