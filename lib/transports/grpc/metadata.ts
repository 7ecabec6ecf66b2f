import { Metadata } from '@grpc/grpc-js';
import type { Call } from '../../call/call';
import { acceptLanguageOf, requestIdOf } from '../../call/call-identity';
import { createHeaderRecord } from '../../headers/header-record';
import type { HeaderRecord } from '../../headers/header-record';

/** What belongs to HTTP and never to a gRPC call (RELIABILITY H2): gRPC sets these itself. */
const REFUSED = new Set([
  'host',
  'te',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'user-agent',
  'keep-alive',
  'upgrade',
  'accept-encoding',
  'proxy-connection',
  'http2-settings',
]);
/** What Node's HTTP/2 sends once or not at all: a second value would end the whole connection. */
const SINGLE =
  /^(access-control-.*|age|authorization|content-.*|date|dnt|etag|expires|from|if-.*|last-modified|location|max-forwards|proxy-authorization|range|referer|retry-after|tk|upgrade-insecure-requests|x-content-type-options)$/;
/** Key names as the gRPC wire protocol has them. */
const NAME = /^[0-9a-z_.-]+$/;
/** ASCII-Value: space and visible characters. */
const ASCII = /^[\x20-\x7e]*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Headers as metadata: `-bin` values are base64 (invalid ones are dropped), arrays several values. */
export function toMetadata(headers: HeaderRecord): Metadata {
  const metadata = new Metadata();
  for (const [name, values] of Object.entries(headers)) {
    if (REFUSED.has(name) || name.startsWith('grpc-') || !NAME.test(name)) continue;
    if (typeof values === 'string') addValue(metadata, name, values);
    else
      for (const value of values.slice(0, SINGLE.test(name) ? 1 : undefined))
        addValue(metadata, name, value);
  }
  return metadata;
}

function addValue(metadata: Metadata, name: string, value: string): void {
  if (name.endsWith('-bin')) {
    if (BASE64.test(value)) metadata.add(name, Buffer.from(value, 'base64'));
  } else {
    // HTTP allows latin1 in a value, gRPC does not: what is not ASCII goes percent-encoded.
    const text = ASCII.test(value) ? value : value.replace(/[^\x20-\x7e]/gu, encodeURIComponent);
    // Servers ignore a field whose value has blanks around it (RFC 9113 section 8.2.1).
    metadata.add(name, text.trim());
  }
}

/** Metadata as headers: `-bin` values as base64, several values as an array. */
export function fromMetadata(metadata: Metadata | undefined): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const name of Object.keys(metadata?.getMap() ?? {})) {
    if (name === '__proto__') continue;
    const values = (metadata?.get(name) ?? []).map((value) =>
      typeof value === 'string' ? value : value.toString('base64'),
    );
    const [first] = values;
    if (first !== undefined) headers[name] = values.length === 1 ? first : values;
  }
  return headers;
}

/** Step 2 of the header order. */
export function defaultMetadata(call: Call): HeaderRecord {
  const headers = createHeaderRecord();
  headers['accept-language'] = acceptLanguageOf(call);
  headers['x-request-id'] = requestIdOf(call);
  return headers;
}
