import { StringDecoder } from 'node:string_decoder';

/** At most `maxBytes` of UTF-8 from the start of a text, no character split. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text.slice(0, maxBytes)).subarray(0, maxBytes);
  return new StringDecoder('utf8').write(bytes);
}
