/** A media type without parameters, lower-cased (RFC 9110 section 8.3.1); '' where there is none. */
export function mediaTypeOf(contentType: unknown): string {
  const [type = ''] = typeof contentType === 'string' ? contentType.split(';', 1) : [];
  return type.trim().toLowerCase();
}

/** application/json and every `+json` (RFC 6839). */
export function isJsonType(mediaType: string): boolean {
  return (
    mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json')
  );
}
