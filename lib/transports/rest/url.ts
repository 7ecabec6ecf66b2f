import type { PathReads } from './path-args';
import { INVALID_PATH_VALUE } from './path-value';

const MARKER = new RegExp(INVALID_PATH_VALUE, 'i');
/** A segment that URL parsers resolve instead of sending it. */
const DOT_SEGMENT = /(?:^|[/\\])(?:\.|%2e){1,2}(?:[/\\]|$)/i;

/** Exactly one slash joins endpoint and path; an empty path or a query is appended as it is. */
export function joinUrl(endpoint: string, path: string): string {
  if (path === '' || path.startsWith('?')) return endpoint + path;
  return `${endpoint.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/** Why a finished path must not be sent, or undefined (RELIABILITY I3 and I4). */
export function findPathFault(path: string, reads: PathReads): string | undefined {
  if (MARKER.test(path)) return 'an argument is not allowed in a path';
  if (reads.coerced) return 'an object or array was turned into a string';
  const mayMiss = reads.missing || reads.elements;
  const isMissing =
    (mayMiss && has(path, 'undefined', reads)) || (reads.missing && has(path, 'null', reads));
  if (isMissing) return 'an argument is missing';
  const [beforeQuery = ''] = path.split('?', 1);
  if (reads.any && DOT_SEGMENT.test(beforeQuery)) return 'arguments together make a dot segment';
  const isHole = /\/(?=\/|$)/.test(beforeQuery);
  return reads.empty && isHole ? 'an argument is empty' : undefined;
}

/** Whether the path has the word elsewhere than in arguments that contain it. */
function has(path: string, word: string, { texts }: PathReads): boolean {
  const given = texts.filter((text) => text.includes(word));
  return given.reduce((rest, text) => rest.replaceAll(text, '/'), path).includes(word);
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
