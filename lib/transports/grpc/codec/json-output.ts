const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const FIRST_BEYOND_ASCII = 0x80;

/** Bytes of JSON in the making. */
export class JsonOutput {
  private bytes: Buffer;
  length = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  byte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  setByte(position: number, byte: number): void {
    this.bytes[position] = byte;
  }

  /** A byte for each character: for the short texts of JSON, a loop beats a call out of JavaScript. */
  byteText(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  /** A JSON string of UTF-8 text. Most text has the same bytes in JSON. */
  string(source: Buffer, start: number, end: number): void {
    this.reserve(end - start + 2);
    const { bytes, length } = this;
    let at = length;
    bytes[at++] = QUOTE;
    for (let i = start; i < end; i++) {
      const byte = source[i] as number;
      const isPlain =
        byte >= FIRST_PRINTABLE &&
        byte < FIRST_BEYOND_ASCII &&
        byte !== QUOTE &&
        byte !== BACKSLASH;
      if (!isPlain) return this.text(JSON.stringify(source.toString('utf8', start, end)));
      bytes[at++] = byte;
    }
    bytes[at++] = QUOTE;
    this.length = at;
  }

  text(text: string): void {
    const size = Buffer.byteLength(text);
    this.reserve(size);
    this.length += this.bytes.write(text, this.length);
  }

  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
