import { isHeaderName } from './header-record';
import type { HeadersInput } from './header-record';
import { isSensitiveHeader, redactUrl } from './sensitive';

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
}

const MAX_TOTAL_BYTES = 8 * 1024;
const MAX_BODY_CHARACTERS = 256;
const SECRET_KEY = /pass(word|phrase)?|secret|token|ticket|authorization|cookie|api[-_]?key/i;

function hideSecret(key: string, value: unknown): unknown {
  return key !== '' && SECRET_KEY.test(key) ? '[REDACTED]' : value;
}

/** URL-encoded JSON; `null` from 256 characters on, `[Buffer]` for a Buffer. */
function describeBody(body: unknown): string {
  if (Buffer.isBuffer(body)) return '[Buffer]';
  if (typeof (body as { pipe?: unknown } | null)?.pipe === 'function') return '[Stream]';
  const text = typeof body === 'string' ? body : JSON.stringify(body, hideSecret);
  if (text === undefined || text.length >= MAX_BODY_CHARACTERS) return 'null';
  return encodeURIComponent(text.toWellFormed());
}

function describeUrl(url: string): string {
  const query = /\?[^#]*/.exec(url)?.[0] ?? '';
  const hidden = query.replace(/([?&]([^=&]*)=)[^&]*/g, (whole, start: string, key: string) =>
    SECRET_KEY.test(key) ? `${start}[REDACTED]` : whole,
  );
  return redactUrl(url) + hidden;
}

/** ASCII only: everything else percent-encoded, cut so that no escape is split. */
function encodeValue(value: string, maxBytes: number): string {
  const encoded = value.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent);
  return encoded.length <= maxBytes ? encoded : encoded.slice(0, maxBytes).replace(/%.?$/, '');
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
  yield* listValues(facts.metadata, 'x-metadata-');
  yield* listValues(facts.proxied, '');
}

function* listValues(values: HeadersInput = {}, prefix: string): Generator<[string, string]> {
  for (const [name, value] of Object.entries(values)) {
    const isSecret = isSensitiveHeader(name.replace(/^x-gateway-/i, ''));
    const text = toHeaderText(value);
    if (text !== undefined && !isSecret) yield [prefix + name, text];
  }
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
  const headers: Record<string, string> = {};
  let total = 0;
  for (const [givenName, value] of listFacts(facts)) {
    const name = givenName.toLowerCase();
    if (value === undefined || !isHeaderName(name) || name === '__proto__') continue;
    const encoded = encodeValue(value, maxBytes);
    total += name.length + encoded.length;
    if (total > MAX_TOTAL_BYTES) break;
    headers[name] = encoded;
  }
  return headers;
}
