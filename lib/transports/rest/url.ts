import type { PathReads } from './path-args';
import { INVALID_PATH_VALUE } from './path-value';

const MARKER = new RegExp(INVALID_PATH_VALUE, 'i');
/** What an author writes in a schema; shown in an error. */
const KEY = /^[a-z_][\w-]{0,63}$/i;
/** A segment that URL parsers resolve instead of sending it. */
const DOT_SEGMENT = /(?:^|[/\\])(?:\.|%2e){1,2}(?:[/\\]|$)/i;

/** Exactly one slash joins endpoint and path; an empty path or a query is appended as it is. */
export function joinUrl(endpoint: string, path: string): string {
  if (path === '' || path.startsWith('?')) return endpoint + path;
  const base = endpoint.endsWith('/') ? endpoint.replace(/\/+$/, '') : endpoint;
  return `${base}/${path.startsWith('/') ? path.replace(/^\/+/, '') : path}`;
}

/** Why a finished path must not be sent, or undefined (RELIABILITY I3 and I4). */
export function findPathFault(path: string, reads: PathReads): string | undefined {
  const { missing, elements, empty, coerced, unsafe } = reads;
  if (coerced.length > 0) {
    return `${nameArguments(coerced, reads)} is an object or array, turned into a string`;
  }
  if (MARKER.test(path)) return `${nameArguments(unsafe, reads)} is not allowed in a path`;
  const isMissing =
    ((missing.length > 0 || elements) && has(path, 'undefined', reads)) ||
    (missing.length > 0 && has(path, 'null', reads));
  if (isMissing) return `${nameArguments(missing, reads)} is missing`;
  const [beforeQuery = ''] = path.split('?', 1);
  if (reads.any && DOT_SEGMENT.test(beforeQuery)) return 'arguments together make a dot segment';
  const isHole = /\/(?=\/|$)/.test(beforeQuery);
  return empty.length > 0 && isHole ? `${nameArguments(empty, reads)} is empty` : undefined;
}

/** The keys that the schema asked for. One that may be a value of the caller is not shown. */
export function nameArguments(names: readonly string[], { texts }: PathReads): string {
  const shown = names.map((name) => {
    const keys = name.split('.');
    const end = keys.findIndex((key) => !KEY.test(key) || texts.includes(key));
    return keys.slice(0, end < 0 ? undefined : end).join('.');
  });
  const known = [...new Set(shown)];
  if (known.length === 0 || known.length > 3 || known.includes('')) return 'an argument';
  return `argument ${known.map((name) => `\`${name}\``).join(' or ')}`;
}

/** Whether the path has the word elsewhere than in arguments that contain it. */
function has(path: string, word: string, { texts }: PathReads): boolean {
  const given = texts.filter((text) => text.includes(word));
  return given.reduce((rest, text) => rest.replaceAll(text, '/'), path).includes(word);
}

/** Whether the URL still points below the endpoint, compared as WHATWG URLs. */
export function staysBelow(endpoint: URL, parsed: URL): boolean {
  if (parsed.origin !== endpoint.origin) return false;
  if (parsed.username !== endpoint.username || parsed.password !== endpoint.password) return false;
  const base = endpoint.pathname.replace(/\/+$/, '');
  if (base === '') return true;
  return parsed.pathname === endpoint.pathname || `${parsed.pathname}/`.startsWith(`${base}/`);
}

/** An endpoint, with what calls ask of it: reading it from a URL each time costs more than the call's own work. */
export interface ParsedEndpoint {
  readonly url: URL;
  readonly origin: string;
  readonly host: string;
  readonly pathname: string;
  readonly hasUserinfo: boolean;
}

/** Parses endpoints; that of most actions never changes, and is parsed once. */
export function createEndpointParser(): (endpoint: string) => ParsedEndpoint | undefined {
  let last: { readonly endpoint: string; readonly parsed: ParsedEndpoint | undefined } | undefined;
  return function parseEndpoint(endpoint) {
    if (last?.endpoint !== endpoint) last = { endpoint, parsed: toParsed(parseHttpUrl(endpoint)) };
    return last.parsed;
  };
}

function toParsed(url: URL | undefined): ParsedEndpoint | undefined {
  if (!url) return undefined;
  const { origin, host, pathname, username, password } = url;
  return { url, origin, host, pathname, hasUserinfo: username !== '' || password !== '' };
}

/** Only letters, digits and separators that no URL parser reads anything into. */
const PLAIN_PATH = /^[\w~\-./]*$/;

/** Whether WHATWG parsing leaves the text as it is, and so below the endpoint that it begins with. */
export function isPlainPath(path: string): boolean {
  return PLAIN_PATH.test(path) && !DOT_SEGMENT.test(path);
}

/** Parsed once: `URL.canParse` would be a second time. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** An http(s) URL, or undefined. */
export function parseHttpUrl(text: string): URL | undefined {
  const url = parseUrl(text);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}
