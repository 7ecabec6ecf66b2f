import { createHeaderRecord, isHeaderName, toHeaderValue } from './header-record';
import type { HeaderRecord } from './header-record';
import { createIsEndToEnd } from './proxied-request-headers';

/** What describes one body, and would be wrong of another. */
const OF_BODY: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-range',
]);

export interface ProxiedAnswerHeaders {
  readonly headers: HeaderRecord;
  readonly bodyHeaders: Record<string, string>;
  readonly transferCoding: string | string[] | undefined;
}

/** The end-to-end headers of an answer, split into those of its body and all others. */
export function splitAnswerHeaders(raw: readonly Buffer[], status: number): ProxiedAnswerHeaders {
  const all = readAllFields(raw);
  const isEndToEnd = createIsEndToEnd(all);
  const headers = createHeaderRecord();
  const bodyHeaders: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (OF_BODY.has(name)) bodyHeaders[name] = String(value);
    else if (isEndToEnd(name)) headers[name] = value;
  }
  // RFC 9110 section 8.6.
  if (status === 204) delete bodyHeaders['content-length'];
  return { headers, bodyHeaders, transferCoding: all['transfer-encoding'] };
}

/** Trailer fields that may follow an answer; framing has no place there (RFC 9110 section 6.5.1). */
export function readTrailers(raw: readonly (Buffer | string)[] | null): HeaderRecord | undefined {
  if (!raw?.length) return undefined;
  const all = readAllFields(raw);
  const isEndToEnd = createIsEndToEnd(all);
  const trailers = createHeaderRecord();
  for (const [name, value] of Object.entries(all)) {
    if (isEndToEnd(name) && !OF_BODY.has(name)) trailers[name] = value;
  }
  return trailers;
}

/** By lower-case name; several fields of a name stay several. */
export function readAllFields(raw: readonly (Buffer | string)[]): HeaderRecord {
  const fields = createHeaderRecord();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(toText(raw[at])).toLowerCase();
    const value = toHeaderValue(toText(raw[at + 1]));
    if (!isHeaderName(name) || value === undefined) continue;
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

function toText(part: Buffer | string | undefined): string | undefined {
  return Buffer.isBuffer(part) ? part.toString('latin1') : part;
}
