/** Fields of which a message has one: a second one is ignored, as Node's own client does. */
const SINGLE: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** Header fields by lower-case name, joined as Node's own client joins them; several Set-Cookie stay several. */
export function readResponseHeaders(raw: readonly Buffer[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as Buffer).toString('latin1').toLowerCase();
    const value = (raw[at + 1] as Buffer).toString('latin1');
    if (name === 'set-cookie') {
      const cookies = headers[name];
      if (Array.isArray(cookies)) cookies.push(value);
      else headers[name] = [value];
    } else if (name === '__proto__') {
      continue;
    } else if (!Object.hasOwn(headers, name)) {
      headers[name] = value;
    } else if (!SINGLE.has(name)) {
      headers[name] = `${headers[name] as string}${name === 'cookie' ? '; ' : ', '}${value}`;
    }
  }
  return headers;
}
