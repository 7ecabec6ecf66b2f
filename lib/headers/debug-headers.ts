import { isHeaderName } from './header-record';
import type { HeadersInput } from './header-record';
import { isFraming } from './not-forwarded';
import { hideSecretsInPairs, hideSecretsInText, isSensitiveHeader, redactUrl } from './sensitive';

/** What a debug answer may tell about one call; absent members give no header. */
export interface DebugFacts {
  method?: string;
  url?: string;
  body?: unknown;
  lang?: string;
  action?: string;
  protokey?: string;
  protopath?: string;
  endpoint?: string;
  requestId: string;
  version: string;
  contentType?: string;
  /** Trailing metadata of a gRPC call. */
  metadata?: HeadersInput;
  /** Names as they go out, from `proxyDebugHeaders`. */
  proxied?: HeadersInput;
  /** Lower-cased names that auth hooks have set: never shown. */
  authNames?: ReadonlySet<string>;
}

const MAX_TOTAL_BYTES = 8 * 1024;
const MAX_BODY_CHARACTERS = 256;

/** URL-encoded JSON; `null` from 256 characters on, `[Buffer]` for a Buffer. */
function describeBody(body: unknown): string {
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return '[Buffer]';
  if (typeof (body as { pipe?: unknown } | null)?.pipe === 'function') return '[Stream]';
  const text = typeof body === 'string' ? body : toShortJson(body);
  if (text === undefined || text.length >= MAX_BODY_CHARACTERS) return 'null';
  return encodeURIComponent(hideSecretsInText(text).toWellFormed());
}

/** Given up as soon as it gets long; undefined for that and for what is no JSON. */
function toShortJson(body: unknown): string | undefined {
  let left = MAX_BODY_CHARACTERS;
  function shorten(_key: string, value: unknown): unknown {
    if (value !== undefined) left -= typeof value === 'string' ? value.length : 1;
    if (left < 0) throw new RangeError('The body is too long to be shown');
    return value;
  }
  try {
    return JSON.stringify(body, shorten);
  } catch {
    return undefined;
  }
}

function describeUrl(url: string): string {
  const query = /\?[^#]*/.exec(url)?.[0] ?? '';
  return redactUrl(url) + hideSecretsInPairs(query);
}

/** ASCII only: everything else percent-encoded, cut between characters so that the rest decodes. */
function encodeValue(value: string, maxBytes: number): string {
  const encoded = value.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent);
  if (encoded.length <= maxBytes) return encoded;
  const cut = encoded.slice(0, maxBytes).replace(/%.?$/, '');
  return cut.replace(/%[c-f]\w(%[89ab]\w)*$/i, (last) => (isWhole(last) ? last : ''));
}

function isWhole(escapes: string): boolean {
  try {
    return decodeURIComponent(escapes) !== '';
  } catch {
    return false;
  }
}

function* listFacts(facts: DebugFacts): Generator<[string, string | undefined]> {
  yield ['x-request-id', facts.requestId];
  yield ['x-gateway-version', facts.version];
  yield ['x-api-request-method', facts.method];
  yield ['x-api-request-url', facts.url && describeUrl(facts.url)];
  if (facts.body !== undefined) yield ['x-api-request-body', describeBody(facts.body)];
  yield ['x-api-request-lang', facts.lang];
  yield ['x-api-request-action', facts.action];
  yield ['x-api-request-protokey', facts.protokey];
  yield ['x-api-request-protopath', facts.protopath];
  yield ['x-api-request-endpoint', facts.endpoint && describeUrl(facts.endpoint)];
  yield ['x-api-content-type', facts.contentType];
  yield* listValues(facts.metadata, 'x-metadata-', facts.authNames);
  yield* listValues(facts.proxied, '', facts.authNames);
}

function* listValues(
  values: HeadersInput = {},
  prefix: string,
  authNames: ReadonlySet<string> = new Set(),
): Generator<[string, string]> {
  for (const [name, value] of Object.entries(values)) {
    const bare = name.toLowerCase().replace(/^x-gateway-/, '');
    const text = toHeaderText(value);
    const isShown = text !== undefined && !isSensitiveHeader(bare) && !authNames.has(bare);
    if (isShown && !describesBody(prefix + name)) yield [prefix + name, text];
  }
}

/** Debug facts must not change how the answer that carries them is read. */
function describesBody(name: string): boolean {
  return isFraming(name.toLowerCase()) || /^content-/i.test(name);
}

function toHeaderText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.join(', ');
  const isText =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isText ? String(value) : undefined;
}

/**
 * Debug headers: percent-encoded, each of at most `maxBytes`, together at most 8 KiB, without
 * credentials; one that cannot be set is left out (RELIABILITY H5).
 */
export function toDebugHeaders(facts: DebugFacts, maxBytes: number): Record<string, string> {
  return boundHeaders(listFacts(facts), maxBytes);
}

/** The same for those that come with a thrown value, which may be anything. */
export function boundDebugHeaders(thrown: HeadersInput, maxBytes: number): Record<string, string> {
  return boundHeaders(listValues(thrown, ''), maxBytes);
}

function boundHeaders(
  given: Iterable<[string, string | undefined]>,
  maxBytes: number,
): Record<string, string> {
  const headers: Record<string, string> = {};
  let total = 0;
  for (const [givenName, value] of given) {
    const name = givenName.toLowerCase();
    if (value === undefined || !isHeaderName(name) || name === '__proto__') continue;
    const encoded = encodeValue(value, maxBytes);
    const size = name.length + encoded.length;
    if (total + size > MAX_TOTAL_BYTES) continue;
    total += size;
    headers[name] = encoded;
  }
  return headers;
}
