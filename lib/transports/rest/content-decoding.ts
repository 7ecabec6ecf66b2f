import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** A content coding of RFC 9110 section 8.4.1. Both forms end strictly: a cut body is an error. */
interface Coding {
  decode(bytes: Buffer, maxBytes: number): Promise<Buffer>;
  createStream(): Transform;
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
  decode(bytes, maxOutputLength) {
    const isZlib = ((bytes[0] ?? 0) & 0x0f) === 0x08;
    return (isZlib ? inflate : inflateRaw)(bytes, { maxOutputLength });
  },
  createStream: () => zlib.createInflate(),
};

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
