/** More layers of percent-encoding than anybody writes; each costs a pass over the text. */
const MAX_ROUNDS = 8;
/** What servers may read as a dot, a slash, a parameter or a percent sign; overlong UTF-8 too. */
const MEANINGS: Readonly<Record<string, string>> = {
  '%25': '%',
  '%2e': '.',
  '%2f': '/',
  '%3b': ';',
  '%5c': '\\',
  '%c0%ae': '.',
  '%c0%af': '/',
  '%c1%9c': '\\',
};
const MEANT = /%(?:25|2e|2f|3b|5c|c0%a[ef]|c1%9c)/gi;

/**
 * The path below an endpoint as it is sent: as WHATWG parsers write it, with one slash in front.
 * Undefined where it would leave the endpoint, in whatever way an upstream may decode it.
 */
export function normalizePath(path: string): string | undefined {
  if (!path.startsWith('/') || /[?#]/.test(path)) return undefined;
  const ascii = path.replace(/[^\x21-\x7e]/g, encodeByte);
  if (!/^[\x21-\x7e]*$/.test(ascii) || mayClimb(ascii)) return undefined;
  // The host is only there to parse; doubled slashes in front would be one.
  return new URL(`http://h${ascii.replace(/^[/\\]+/, '/')}`).pathname;
}

/** Node gives the bytes of a request's path as latin1. */
function encodeByte(char: string): string {
  const code = char.charCodeAt(0);
  return code > 0xff ? char : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Whether the path climbs above where it starts, as it stands or decoded once or more. */
function mayClimb(path: string): boolean {
  let text = path;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (climbs(text)) return true;
    const decoded = text.replace(MEANT, (code) => MEANINGS[code.toLowerCase()] ?? code);
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}

function climbs(path: string): boolean {
  let depth = 0;
  for (const segment of path.split(/[/\\]/)) {
    // Java servers drop parameters before they look for dots.
    const [name = ''] = segment.split(';', 1);
    if (name === '..') depth--;
    else if (name !== '' && name !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** The path without a prefix, compared as Express does, whatever the letter case; undefined without it. */
export function stripPrefix(path: string, prefix: string): string | undefined {
  const bare = prefix.replace(/\/+$/, '');
  if (!path.toLowerCase().startsWith(bare.toLowerCase())) return undefined;
  const rest = path.slice(bare.length);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : undefined;
}
