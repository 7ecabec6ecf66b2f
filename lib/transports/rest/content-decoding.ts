import { Duplex, pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** A content coding of RFC 9110 section 8.4.1. Both forms end strictly: a cut body is an error. */
interface Coding {
  decode(bytes: Buffer, maxBytes: number): Promise<Buffer>;
  createStream(): Duplex;
}

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotli = promisify(zlib.brotliDecompress);

const GZIP: Coding = {
  decode: (bytes, maxOutputLength) => gunzip(bytes, { maxOutputLength }),
  createStream: () => zlib.createGunzip(),
};

/** `deflate` is the zlib format; some servers send the raw one (RFC 9110 section 8.4.1.2, note). */
const DEFLATE: Coding = {
  decode: (bytes, maxOutputLength) =>
    (isZlibFormat(bytes) ? inflate : inflateRaw)(bytes, { maxOutputLength }),
  createStream: () => Duplex.from(inflateStream),
};

function isZlibFormat(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 0x08;
}

/** The first bytes tell the format. */
async function* inflateStream(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) return;
  async function* replay() {
    yield first.value as Buffer;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  const decoder = isZlibFormat(first.value) ? zlib.createInflate() : zlib.createInflateRaw();
  yield* pipeline(Readable.from(replay()), decoder, () => undefined);
}

const BROTLI: Coding = {
  decode: (bytes, maxOutputLength) => brotli(bytes, { maxOutputLength }),
  createStream: () => zlib.createBrotliDecompress(),
};

const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', DEFLATE],
  ['br', BROTLI],
]);

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
