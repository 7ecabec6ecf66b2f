import { Metadata } from '@grpc/grpc-js';
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
]);
/** Key names as the gRPC wire protocol has them. */
const NAME = /^[0-9a-z_.-]+$/;
/** ASCII-Value: space and visible characters. */
const ASCII = /^[\x20-\x7e]*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Headers as metadata: `-bin` values are base64 (invalid ones are dropped), arrays several values. */
export function toMetadata(headers: HeaderRecord): Metadata {
  const metadata = new Metadata();
  for (const [name, values] of Object.entries(headers)) {
    const isRefused = REFUSED.has(name) || name.startsWith('grpc-') || !NAME.test(name);
    for (const value of isRefused ? [] : [values].flat()) addValue(metadata, name, value);
  }
  return metadata;
}

function addValue(metadata: Metadata, name: string, value: string): void {
  if (name.endsWith('-bin')) {
    if (BASE64.test(value)) metadata.add(name, Buffer.from(value, 'base64'));
  } else {
    // HTTP allows latin1 in a value, gRPC does not: what is not ASCII goes percent-encoded.
    const text = ASCII.test(value) ? value : value.replace(/[^\x20-\x7e]/gu, encodeURIComponent);
    metadata.add(name, text);
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
