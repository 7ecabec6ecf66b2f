/** Headers as hooks and callers give them: any case, any scalar, several values in an array. */
export type HeadersInput = Readonly<Record<string, unknown>>;

/** Headers ready to be sent: lower-case names, checked values, no prototype. */
export type HeaderRecord = Record<string, string | string[]>;

/** An illegal header name or value in configuration, `params` or auth (RELIABILITY H1). */
export class InvalidHeaderError extends Error {
  readonly status = 500;
  readonly code = 'INVALID_HEADER';

  /** Names the header, never its value; without a name, what should be headers is none. */
  constructor(name: string | undefined, source: string) {
    const shown = JSON.stringify(name)?.slice(0, 100);
    super(
      shown === undefined
        ? `Headers from ${source} are not an object`
        : `Illegal name or value of header ${shown} from ${source}`,
    );
  }
}

/**
 * What a hook returned as headers: a record, or what has entries, such as a Map or fetch's Headers;
 * none for null, undefined and what `condition && {...}` gives. Of anything else, members by chance
 * or none would be sent in their place (RELIABILITY G5).
 */
export function readHeadersInput(returned: unknown, source: string): HeadersInput | undefined {
  if (!returned) return undefined;
  if (typeof returned !== 'object' || Array.isArray(returned)) {
    throw new InvalidHeaderError(undefined, source);
  }
  const isIterable = Symbol.iterator in returned;
  return isIterable ? Object.fromEntries(returned as never) : (returned as HeadersInput);
}

/** The name as servers of CGI's kind read it, who take `x_user` and `X-User` for the same header. */
export function toPlainName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** RFC 9110 section 5.6.2, token. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** RFC 9110 section 5.5: visible characters, space, tab and obs-text (latin1). */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export function isHeaderName(name: string): boolean {
  return NAME.test(name);
}

function isHeaderValue(value: string): boolean {
  return VALUE.test(value);
}

/** No prototype, so that `__proto__` is a name like any other. */
export function createHeaderRecord(): HeaderRecord {
  return Object.create(null) as HeaderRecord;
}

/** A header by its lower-case name: callers of `api` may write names in any case. */
export function readHeader(headers: HeadersInput, name: string): unknown {
  if (Object.hasOwn(headers, name)) return headers[name];
  for (const key of Object.keys(headers)) {
    if (key.length === name.length && key.toLowerCase() === name) return headers[key];
  }
  return undefined;
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  return isScalar || typeof value === 'bigint' ? String(value) : undefined;
}

/** The value as header text, undefined where it cannot be one. */
export function toHeaderValue(value: unknown): string | string[] | undefined {
  if (Array.isArray(value)) {
    const values = value.filter((item) => item !== undefined && item !== null).map(toText);
    const isLegal = values.every((item) => item !== undefined && isHeaderValue(item));
    return isLegal ? (values as string[]) : undefined;
  }
  const text = toText(value);
  return text !== undefined && isHeaderValue(text) ? text : undefined;
}

/** A Host has one value (RFC 9110, 7.2): an array of one is that one, of several no header. */
function toSingle(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return value;
  return value.length === 1 ? (value[0] as unknown) : undefined;
}

/**
 * Writes `from` over `target`. Undefined, null and arrays of nothing are left out. What cannot be a
 * header goes to `onIllegal`, which throws for trusted sources and returns for copied ones (the header
 * is dropped).
 */
export function mergeHeaders(
  target: HeaderRecord,
  from: HeadersInput | undefined | null,
  onIllegal: (name: string, value: unknown) => void,
): void {
  if (from === undefined || from === null) return;
  for (const [givenName, given] of Object.entries(from)) {
    if (given === undefined || given === null) continue;
    const name = givenName.toLowerCase();
    const value = toHeaderValue(name === 'host' ? toSingle(given) : given);
    if (value === undefined || !isHeaderName(name)) onIllegal(givenName, given);
    else if (value.length > 0 || !Array.isArray(value)) target[name] = value;
  }
}
