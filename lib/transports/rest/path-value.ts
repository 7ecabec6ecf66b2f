/** How a value that must not be in a path reads in `path(args)`. */
export const INVALID_PATH_VALUE = 'GATEWAY_INVALID_PARAM_VALUE';

/** Dot-dot anywhere, separators, and control characters (C0, DEL and C1). */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNSAFE = /\.\.|[/\\?#\u0000-\u001f\u007f-\u009f]/;

function isUnsafeText(text: string): boolean {
  return text === '.' || UNSAFE.test(text) || !text.isWellFormed();
}

/** Valid percent escapes decoded once; undefined when they are not UTF-8. */
function percentDecode(text: string): string | undefined {
  try {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** As given and once percent-decoded (RELIABILITY I3). */
export function isUnsafePathValue(text: string): boolean {
  if (isUnsafeText(text)) return true;
  if (!text.includes('%')) return false;
  const decoded = percentDecode(text);
  return decoded === undefined || isUnsafeText(decoded);
}

/** The text as a path may carry it, or the marker. */
export function toPathValue(text: string, encode: boolean): string {
  if (isUnsafePathValue(text)) return INVALID_PATH_VALUE;
  return encode ? encodeURIComponent(text) : text;
}

/** A value that may have slashes: each segment checked and encoded by itself, none of them empty. */
export function toPathSegments(text: string, encode: boolean): string {
  const segments = text
    .split('/')
    .map((s) => (s === '' ? INVALID_PATH_VALUE : toPathValue(s, encode)));
  return segments.includes(INVALID_PATH_VALUE) ? INVALID_PATH_VALUE : segments.join('/');
}
