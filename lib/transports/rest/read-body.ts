import { constants } from 'node:buffer';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { readCodings } from './content-decoding';
import { INVALID_RESPONSE } from './parse-response';

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

export const MAX_ERROR_BYTES = 64 * 1024;
export const RESPONSE_TOO_LARGE = 'ERR_BAD_RESPONSE';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly maxCodings: number;
}

export function tooLarge({ maxBytes }: BodyLimits): BodyFault {
  return new BodyFault(RESPONSE_TOO_LARGE, `maxContentLength size of ${maxBytes} exceeded`);
}

/** The headers that say how a body is coded. */
export interface CodingHeaders {
  readonly 'content-encoding'?: string | string[] | undefined;
  readonly 'transfer-encoding'?: string | string[] | undefined;
}

/** Of the transfer codings, the client below undoes this one, and nobody has asked for others. */
const TRANSFER_CODING = /^(?:chunked|identity)?$/i;

export function hasKnownTransferCoding(value: CodingHeaders['transfer-encoding']): boolean {
  return TRANSFER_CODING.test(String(value ?? '').trim());
}

export function codingsOf(headers: CodingHeaders, limits: BodyLimits) {
  if (!hasKnownTransferCoding(headers['transfer-encoding'])) {
    throw new BodyFault(INVALID_RESPONSE, 'unknown transfer coding');
  }
  try {
    return readCodings(headers['content-encoding'], limits.maxCodings);
  } catch (cause) {
    throw new BodyFault(INVALID_RESPONSE, `content-encoding: ${(cause as Error).message}`);
  }
}

/** A response whose connection has been given back for the next request has no socket. */
type Received = Omit<IncomingMessage, 'socket'> & { req?: ClientRequest; socket: Socket | null };

/**
 * Whether more came than the answer was said to be long. Node then destroys the connection at once,
 * before the server has ended or reset it, but gives the body as if it were whole.
 */
export function isOverlong({ complete, socket, statusCode, req }: Received): boolean {
  const hasBody = statusCode !== 204 && req?.method !== 'HEAD';
  if (!complete || !hasBody || !socket?.destroyed) return false;
  return !socket.readableEnded && socket.errored === null;
}

export function overlong(): BodyFault {
  return new BodyFault(INVALID_RESPONSE, 'the body is longer than declared');
}

/** The whole decoded body. A cut, over-long or corrupt one rejects (RELIABILITY U3). */
export async function readBody(message: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  return decodeBody(await collect(message, limits), message.headers, limits);
}

/** Undoes the content codings of a whole body. Rejects with BodyFault. */
export async function decodeBody(
  raw: Buffer,
  headers: CodingHeaders,
  limits: BodyLimits,
): Promise<Buffer> {
  if (raw.length === 0) return raw;
  const maxBytes = Math.min(limits.maxBytes, constants.MAX_LENGTH);
  let bytes = raw;
  for (const coding of codingsOf(headers, limits)) {
    bytes = await coding.decode(bytes, maxBytes).catch((cause: unknown) => {
      const isTooLarge = (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      throw isTooLarge ? tooLarge(limits) : corrupt(cause);
    });
  }
  return bytes;
}

function corrupt(cause: unknown): BodyFault {
  return new BodyFault(INVALID_RESPONSE, 'the body is corrupt in its content coding', { cause });
}

function collect(message: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const { req: request } = message as Received;
  return new Promise((resolve, reject) => {
    if (isOverlong(message)) return reject(overlong());
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
    const onEnd = () => {
      const fault = isOverlong(message) ? overlong() : undefined;
      settle(message.complete ? fault : cutShort());
    };
    message.on('end', onEnd);
    message.on('close', onEnd);
  });
}

export function cutShort(): BodyFault {
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
