import { readHeader, toPlainName } from './header-record';
import type { HeadersInput } from './header-record';

/** RFC 9110 section 7.6.1, the framing of RFC 9112, and what a client library decides by itself. */
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'proxy-connection',
  'expect',
]);

/** What belongs to one connection or one message and is never copied from one to another. */
const NEVER_COPIED: ReadonlySet<string> = new Set([
  ...FRAMING,
  'content-encoding',
  'accept-encoding',
  'host',
  'http2-settings',
]);

/** Names that even `params` may not set. */
export function isFraming(name: string): boolean {
  return FRAMING.has(name);
}

/** The names that the Connection header of a message declares as hop-by-hop, if there are any. */
export function readConnectionNames(headers: HeadersInput): ReadonlySet<string> | undefined {
  const connection = readHeader(headers, 'connection');
  if (!connection || connection === 'keep-alive' || connection === 'close') return undefined;
  const values = (Array.isArray(connection) ? connection : [connection]) as unknown[];
  const names = values
    .filter((value) => typeof value === 'string')
    .join()
    .split(',');
  return new Set(names.map((name) => name.trim().toLowerCase()));
}

/** Whether a header of the client's request may go upstream (RELIABILITY H2). */
export function isForwardable(name: string, connectionNames?: ReadonlySet<string>): boolean {
  if (NEVER_COPIED.has(name) || connectionNames?.has(name)) return false;
  return !name.startsWith('proxy-') && !name.startsWith('grpc-') && !name.startsWith(':');
}

/**
 * What a hook returned, without what must not be copied from the request it saw. The client's
 * Connection header takes away only copies: what a hook makes itself stays.
 */
export function keepForwardable(
  returned: HeadersInput,
  incoming: HeadersInput,
  dropped?: ReadonlySet<string>,
): HeadersInput {
  const connectionNames = readConnectionNames(incoming);
  const kept = Object.entries(returned).filter(([given, value]) => {
    const name = given.toLowerCase();
    const isBarred = dropped?.has(toPlainName(name)) || connectionNames?.has(name);
    return isForwardable(name) && !(isBarred && value === readHeader(incoming, name));
  });
  return Object.fromEntries(kept);
}
