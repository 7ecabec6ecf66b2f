import type { PathReads } from './path-args';
import { INVALID_PATH_VALUE } from './path-value';

const MARKER = new RegExp(INVALID_PATH_VALUE, 'i');

/** Exactly one slash joins endpoint and path; an empty path or a query is appended as it is. */
export function joinUrl(endpoint: string, path: string): string {
  if (path === '' || path.startsWith('?')) return endpoint + path;
  return `${endpoint.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/** Why a finished path must not be sent, or undefined (RELIABILITY I3 and I4). */
export function findPathFault(path: string, reads: PathReads): string | undefined {
  if (MARKER.test(path)) return 'an argument is not allowed in a path';
  if (reads.coerced) return 'an object or array was turned into a string';
  const [beforeQuery = ''] = path.split('?', 1);
  for (const text of ['undefined', 'null']) {
    const isGiven = reads.strings.some((value) => value.includes(text));
    if (reads.missing && !isGiven && path.includes(text)) return 'an argument is missing';
  }
  const hasHole =
    beforeQuery.includes('//') || (beforeQuery.length > 1 && beforeQuery.endsWith('/'));
  if ((reads.empty || reads.missing) && (hasHole || beforeQuery === '/'))
    return 'an argument is empty';
  return undefined;
}

/** Whether the URL still points below the endpoint, compared as WHATWG URLs. */
export function staysBelow(endpoint: URL, url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || parsed.origin !== endpoint.origin) return false;
  if (parsed.username !== endpoint.username || parsed.password !== endpoint.password) return false;
  const base = endpoint.pathname.replace(/\/+$/, '');
  return parsed.pathname === endpoint.pathname || `${parsed.pathname}/`.startsWith(`${base}/`);
}

/** An http(s) URL, or undefined. */
export function parseHttpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}
