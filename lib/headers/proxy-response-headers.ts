import { createHeaderRecord, isHeaderName, toHeaderValue } from './header-record';
import type { HeaderRecord, HeadersInput } from './header-record';
import { isForwardable, readConnectionNames } from './not-forwarded';
import type { ActionType } from './proxy-headers';

export type ProxyResponseHeadersFunction = (
  headers: HeadersInput,
  type: ActionType,
) => HeadersInput | undefined | Promise<HeadersInput | undefined>;

/** Names of upstream response headers (REST) or trailing metadata (gRPC), or a function of them. */
export type ProxyResponseHeaders = readonly string[] | ProxyResponseHeadersFunction;

function chooseNamed(names: readonly string[], upstream: HeadersInput): HeadersInput {
  const lower = new Map(
    Object.entries(upstream).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return Object.fromEntries(names.map((name) => [name, lower.get(name.toLowerCase())]));
}

/**
 * The upstream's headers to send back. Absent stays absent; framing, hop-by-hop and
 * content-encoding are never copied; several Set-Cookie stay several (RELIABILITY H4).
 */
export async function readProxiedResponseHeaders(
  wanted: ProxyResponseHeaders | undefined,
  upstream: HeadersInput,
  type: ActionType,
): Promise<HeaderRecord | undefined> {
  if (!wanted) return undefined;
  const isFunction = typeof wanted === 'function';
  const chosen = isFunction ? await wanted({ ...upstream }, type) : chooseNamed(wanted, upstream);
  const connectionNames = readConnectionNames(upstream);
  const result = createHeaderRecord();
  for (const [givenName, given] of Object.entries(chosen ?? {})) {
    const name = givenName.toLowerCase();
    const value = given === undefined || given === null ? undefined : toHeaderValue(given);
    const isCopied = isForwardable(name, connectionNames) && isHeaderName(name);
    if (value !== undefined && isCopied) result[name] = value;
  }
  return result;
}
