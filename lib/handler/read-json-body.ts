import { GatewayCallError } from '../errors/gateway-error';
import { isJsonType, mediaTypeOf } from '../headers/media-type';

export interface BodySource {
  readonly contentType: string | null | undefined;
  readonly chunks: AsyncIterable<Uint8Array> | undefined | null;
}

export interface ReadBody {
  readonly body: unknown;
  /** Whether there is one of another type. */
  readonly isUnparsed: boolean;
}

const DEFAULT_MAX_BYTES = 1024 * 1024;

export function isJsonBody(contentType: BodySource['contentType']): boolean {
  return isJsonType(mediaTypeOf(contentType ?? ''));
}

/**
 * The body of a request as JSON, for hosts that parse none.
 *
 * @throws GatewayCallError 413 for more than `maxBytes`, whatever content-length says; 400 for what is
 * no JSON
 */
export async function readJsonBody(
  source: BodySource,
  maxBytes = DEFAULT_MAX_BYTES,
): Promise<ReadBody> {
  const chunks = source.chunks ?? [];
  if (!isJsonBody(source.contentType)) {
    return { body: undefined, isUnparsed: await hasBytes(chunks).catch(toFailure) };
  }
  const text = await readText(chunks, maxBytes).catch(toFailure);
  try {
    return { body: text === '' ? {} : (JSON.parse(text) as unknown), isUnparsed: false };
  } catch (cause) {
    throw refuse({ status: 400, code: 'INVALID_BODY', message: NO_JSON }, cause);
  }
}

const NO_JSON = 'The request body is not valid JSON';
const UNREADABLE = 'The request body cannot be read to its end';
const TOO_LARGE = { status: 413, code: 'BODY_TOO_LARGE', message: 'The request body is too large' };

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

async function hasBytes(chunks: Chunks): Promise<boolean> {
  for await (const { length } of chunks) if (length > 0) return true;
  return false;
}

async function readText(chunks: Chunks, maxBytes: number): Promise<string> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw refuse(TOO_LARGE);
    read.push(chunk);
  }
  return Buffer.concat(read).toString();
}

/** The reason is the host's, in its words. */
function toFailure(thrown: unknown): never {
  if (thrown instanceof GatewayCallError) throw thrown;
  throw refuse({ status: 400, code: 'INVALID_BODY', message: UNREADABLE }, thrown);
}

function refuse(error: typeof TOO_LARGE, cause?: unknown): GatewayCallError {
  return new GatewayCallError(error, { cause });
}
