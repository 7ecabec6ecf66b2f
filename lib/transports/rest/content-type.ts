import { isUtf8 } from 'node:buffer';

const TEXT_TYPES = new Set([
  'application/xml',
  'application/javascript',
  'application/ecmascript',
  'application/x-www-form-urlencoded',
  'application/x-ndjson',
  'application/yaml',
  'application/graphql',
  'image/svg+xml',
]);

export function isTextType(mediaType: string): boolean {
  return mediaType.startsWith('text/') || mediaType.endsWith('+xml') || TEXT_TYPES.has(mediaType);
}

/** The charset of a text, undefined for UTF-8, which is also the default. */
function otherCharsetOf(contentType: string): string | undefined {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset) ? undefined : charset;
}

/** Whether the bytes are what `decodeText` reads from them, written as UTF-8. */
export function isPlainUtf8(bytes: Buffer, contentType: string): boolean {
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return otherCharsetOf(contentType) === undefined && !hasByteOrderMark && isUtf8(bytes);
}

/** The text of a body in its charset; UTF-8 where none is named or known. No byte order mark. */
export function decodeText(bytes: Buffer, contentType: string): string {
  const charset = otherCharsetOf(contentType);
  if (charset === undefined) {
    const text = bytes.toString('utf8');
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  }
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
