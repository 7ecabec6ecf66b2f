import { Duplex, pipeline, Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** A content coding of RFC 9110 section 8.4.1. Both forms end strictly: a cut body is an error. */
export interface Coding {
  decode(bytes: Buffer, maxBytes: number): Promise<Buffer>;
  /** `first` are the first bytes of the body. */
  createDecoder(first: Buffer): Transform & zlib.Zlib;
}

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotli = promisify(zlib.brotliDecompress);

type Decode = (bytes: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

/** What zlib tells with the option `info`, which its types leave out. */
interface Decoded {
  readonly buffer: Buffer;
  /** How far the decoder has read: it leaves out in silence what follows the coded bytes. */
  readonly engine: { readonly bytesWritten: number };
}

function assertReadWhole(readBytes: number, givenBytes: number): void {
  if (readBytes < givenBytes) throw new Error('bytes behind the end of the content coding');
}

async function decodeWith(decode: Decode, bytes: Buffer, maxOutputLength: number) {
  const told: unknown = await decode(bytes, { maxOutputLength, info: true });
  const { buffer, engine } = told as Decoded;
  assertReadWhole(engine.bytesWritten, bytes.length);
  return buffer;
}

const GZIP: Coding = {
  decode: (bytes, maxBytes) => decodeWith(gunzip, bytes, maxBytes),
  createDecoder: () => zlib.createGunzip(),
};

/** `deflate` is the zlib format; some servers send the raw one (RFC 9110 section 8.4.1.2, note). */
const DEFLATE: Coding = {
  decode: (bytes, maxBytes) =>
    decodeWith(isZlibFormat(bytes) ? inflate : inflateRaw, bytes, maxBytes),
  createDecoder: (first) => (isZlibFormat(first) ? zlib.createInflate() : zlib.createInflateRaw()),
};

function isZlibFormat(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 0x08;
}

const BROTLI: Coding = {
  decode: (bytes, maxBytes) => decodeWith(brotli, bytes, maxBytes),
  createDecoder: () => zlib.createBrotliDecompress(),
};

const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', DEFLATE],
  ['br', BROTLI],
]);

/** Undoes a coding on the way. The decoder is made at the first bytes: an empty body has no coding. */
export function createDecodingStream(coding: Coding): Duplex {
  return Duplex.from(async function* decode(source: AsyncIterable<Buffer>) {
    const pieces = source[Symbol.asyncIterator]();
    const first = await pieces.next();
    if (first.done) return;
    let givenBytes = first.value.length;
    async function* replay() {
      yield first.value as Buffer;
      for await (const piece of { [Symbol.asyncIterator]: () => pieces }) {
        givenBytes += piece.length;
        yield piece;
      }
    }
    const decoder = coding.createDecoder(first.value);
    yield* pipeline(Readable.from(replay()), decoder, () => undefined);
    assertReadWhole(decoder.bytesWritten, givenBytes);
  });
}

export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** The codings to undo, last applied first. Throws for an unknown one and for too many. */
export function readCodings(contentEncoding: unknown, maxCodings: number): Coding[] {
  if (typeof contentEncoding !== 'string' || contentEncoding === '') return [];
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const applied = names.filter((name) => name !== '' && name !== 'identity');
  if (applied.length > maxCodings) throw new Error(`more than ${maxCodings} content codings`);
  return applied.reverse().map((name) => {
    const coding = CODINGS.get(name);
    if (!coding) throw new Error('unknown content coding');
    return coding;
  });
}
