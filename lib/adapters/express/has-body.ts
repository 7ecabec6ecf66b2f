import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request announces content (RFC 9112 section 6.3), parsed or not. */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
