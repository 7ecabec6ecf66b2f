import type { Socket } from 'node:net';

/** What may come before an answer (RFC 9110 section 15.2); 101 would be the last of HTTP. */
const INFORMATIONAL = /^HTTP\/1\.1 1(?!01)\d\d[ \r]/;
/** What the first bytes of one look like when fewer have come than tell. */
const START = /^(?:H|HT|HTT|HTTP|HTTP\/|HTTP\/1|HTTP\/1\.|HTTP\/1\.1|HTTP\/1\.1 1?\d{0,2})$/;
const TELLING_BYTES = 13;
const HEAD_END = '\r\n\r\n';
/** As long as the head of an answer may be; undici refuses a longer one. */
const MAX_HEAD_BYTES = 16 * 1024;
const NOTHING = Buffer.alloc(0);
const BLANKS: ReadonlySet<number> = new Set(Buffer.from('\r\n'));

/**
 * What undici reads of a connection: without the informational answers before the one that counts,
 * because undici takes 100 Continue for a fault; and whether it has left bytes over.
 */
export class AnswerBytes {
  /** Whether more came than an answer that ends its connection was said to be long. */
  hasLeftover = false;
  private isHeadDue = false;
  private held: Buffer = NOTHING;

  constructor(socket: Socket) {
    const read = socket.read.bind(socket);
    const unshift = socket.unshift.bind(socket);
    socket.read = (size) => {
      const chunk = read(size) as Buffer | null;
      // What a paused answer gave back is looked at after all.
      if (chunk) this.hasLeftover = false;
      return chunk && this.isHeadDue ? this.skipInformational(chunk) : chunk;
    };
    socket.unshift = (chunk: Buffer, encoding) => {
      this.hasLeftover ||= chunk.some((byte) => !BLANKS.has(byte));
      unshift(chunk, encoding);
    };
  }

  /** A request goes out: the next bytes are the head of an answer. */
  expectHead(): void {
    this.isHeadDue = true;
  }

  private skipInformational(chunk: Buffer): Buffer | null {
    let bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    this.held = NOTHING;
    for (;;) {
      const start = bytes.toString('latin1', 0, TELLING_BYTES);
      const isInformational = INFORMATIONAL.test(start);
      const end = isInformational ? bytes.indexOf(HEAD_END) : -1;
      const isUnfinished = (isInformational && end < 0) || START.test(start);
      if (isUnfinished && bytes.length < MAX_HEAD_BYTES) {
        this.held = bytes;
        return null;
      }
      if (end < 0) break;
      bytes = bytes.subarray(end + HEAD_END.length);
      if (bytes.length === 0) return null;
    }
    this.isHeadDue = false;
    return bytes;
  }
}
