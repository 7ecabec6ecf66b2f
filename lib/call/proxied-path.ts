/** More layers of percent-encoding than anybody writes; each costs a pass over the text. */
const MAX_ROUNDS = 8;
/**
 * What servers may read as a dot, a slash, a parameter or a percent sign, also in overlong UTF-8; what
 * ends a text in C is as a parameter, and what parsers of URLs skip is nothing.
 */
const MEANINGS: Readonly<Record<string, string>> = {
  '%25': '%',
  '%2e': '.',
  '%2f': '/',
  '%3b': ';',
  '%5c': '\\',
  '%c0%ae': '.',
  '%c0%af': '/',
  '%c1%9c': '\\',
  '%e0%80%ae': '.',
  '%e0%80%af': '/',
  '%e0%81%9c': '\\',
  '%00': ';',
  '%09': '',
  '%0a': '',
  '%0d': '',
};
/** Java servers drop parameters before they look for dots. */
const DOT_SEGMENT = /(?:^|[/\\])\.{1,2}(?:[/\\;]|$)/;
const MEANT = /%(?:25|2e|2f|3b|5c|c0%a[ef]|c1%9c|e0%80%a[ef]|e0%81%9c|00|09|0a|0d)/gi;

/**
 * The path below an endpoint as it is sent: as WHATWG parsers write it, with one slash in front.
 * Undefined where it would leave the endpoint, or hides dot segments that only the upstream's way to
 * decode brings out: what interceptors see is then not what the upstream serves.
 */
export function normalizePath(path: string): string | undefined {
  if (!path.startsWith('/') || /[?#]/.test(path)) return undefined;
  const ascii = path.replace(/[^\x21-\x7e]/g, encodeByte);
  if (!/^[\x21-\x7e]*$/.test(ascii) || climbs(ascii.replace(/%2e/gi, '.'))) return undefined;
  // The host is only there to parse; doubled slashes in front would be one.
  const { pathname } = new URL(`http://h${ascii.replace(/^[/\\]+/, '/')}`);
  return hidesDots(pathname) ? undefined : pathname;
}

/** Node gives the bytes of a request's path as latin1. */
function encodeByte(char: string): string {
  const code = char.charCodeAt(0);
  return code > 0xff ? char : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Whether plain dot segments lead above where the path starts. */
function climbs(path: string): boolean {
  let depth = 0;
  for (const segment of path.split(/[/\\]/)) {
    if (segment === '..') depth--;
    else if (segment !== '' && segment !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** Whether a path without dot segments has some when it is decoded, once or more. */
function hidesDots(path: string): boolean {
  let text = path;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (DOT_SEGMENT.test(text)) return true;
    const decoded = text.replace(MEANT, (code) => MEANINGS[code.toLowerCase()] ?? code);
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}

/** The path without a prefix, compared as Express does, whatever the letter case; undefined without it. */
export function stripPrefix(path: string, prefix: string): string | undefined {
  const bare = prefix.replace(/\/+$/, '');
  if (!path.toLowerCase().startsWith(bare.toLowerCase())) return undefined;
  const rest = path.slice(bare.length);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : undefined;
}
