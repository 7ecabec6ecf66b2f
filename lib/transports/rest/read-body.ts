import type { ClientRequest, IncomingMessage } from 'node:http';
import { pipeline, Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { readCodings } from './content-decoding';

/** Why a body is no use although a response came. */
export class BodyFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}

const MAX_ERROR_BYTES = 64 * 1024;
export const RESPONSE_TOO_LARGE = 'ERR_BAD_RESPONSE';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly maxCodings: number;
}

/** Called with the size of every piece of decoded body. */
export type CountBytes = (bytes: number) => void;

function tooLarge({ maxBytes }: BodyLimits): BodyFault {
  return new BodyFault(RESPONSE_TOO_LARGE, `maxContentLength size of ${maxBytes} exceeded`);
}

function codingsOf(message: IncomingMessage, limits: BodyLimits) {
  try {
    return readCodings(message.headers['content-encoding'], limits.maxCodings);
  } catch (cause) {
    throw new BodyFault('INVALID_RESPONSE', `content-encoding: ${(cause as Error).message}`);
  }
}

/**
 * The whole decoded body. A cut, over-long or corrupt one rejects (RELIABILITY U3). A server that
 * sends more than it declared fails the parser, which Node reports on the request, not the message.
 */
export async function readBody(message: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const raw = await collect(message, limits);
  if (raw.length === 0) return raw;
  let bytes = raw;
  for (const coding of codingsOf(message, limits)) {
    bytes = await coding.decode(bytes, limits.maxBytes).catch((cause: unknown) => {
      const isTooLarge = (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      throw isTooLarge ? tooLarge(limits) : corrupt(cause);
    });
  }
  return bytes;
}

function corrupt(cause: unknown): BodyFault {
  return new BodyFault('INVALID_RESPONSE', 'the body is corrupt in its content coding', { cause });
}

function collect(message: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { req: request } = message as IncomingMessage & { req?: ClientRequest };
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let total = 0;
    const settle = (error?: Error) => {
      request?.off('error', settle);
      if (error) reject(error);
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, total));
    };
    request?.on('error', settle);
    message.on('error', settle);
    message.on('data', (chunk: Buffer) => {
      total += chunk.length;
      chunks.push(chunk);
      if (total > limits.maxBytes) message.destroy(tooLarge(limits));
    });
    message.on('end', () => settle(message.complete ? undefined : cutShort()));
    message.on('close', () => settle(message.complete ? undefined : cutShort()));
  });
}

function cutShort(): BodyFault {
  return new BodyFault('ECONNRESET', 'the body was cut short');
}

/**
 * The body of an error, empty when it is broken or too large: the status is what counts. Where
 * success would be bytes or a stream, 64 KiB are enough.
 */
export async function readErrorBody(
  message: IncomingMessage,
  limits: BodyLimits,
  isJsonOrText: boolean,
): Promise<Buffer> {
  try {
    const maxBytes = isJsonOrText ? limits.maxBytes : Math.min(limits.maxBytes, MAX_ERROR_BYTES);
    return await readBody(message, { ...limits, maxBytes });
  } catch {
    return Buffer.alloc(0);
  } finally {
    message.destroy();
  }
}

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
  const meter = createMeter(limits, count);
  const decoders = codingsOf(message, limits).map((coding) => coding.createStream());
  const idle = startIdleTimer(meter, idleMs);
  message.on('data', () => idle?.refresh());
  pipeline([message, ...decoders, meter], () => clearTimeout(idle));
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
  if (!(idleMs > 0) || idleMs >= 2 ** 31) return undefined;
  const onIdle = () => {
    // Bytes that wait for a slow reader are no sign of a silent upstream.
    if (meter.readableLength > 0) timer.refresh();
    else meter.destroy(new BodyFault('ECONNABORTED', `no data for ${idleMs} ms`));
  };
  const timer = setTimeout(onIdle, idleMs).unref();
  return timer;
}
