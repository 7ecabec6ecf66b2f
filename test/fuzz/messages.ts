import fc from 'fast-check';
import { anyText, ODD_NAMES } from './arbitraries';

const MAX_VARINT = 2n ** 64n - 1n;

/** As serialisers write it, or with bytes that add nothing. */
function toVarint(value: bigint, padding = 0): number[] {
  const bytes = [];
  for (; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
  bytes.push(Number(value));
  for (let i = 0; i < padding; i++) bytes.splice(-1, 1, bytes.at(-1)! | 128, 0);
  return bytes;
}

const number = fc.oneof(
  fc.bigInt(0n, MAX_VARINT),
  fc.bigInt(0n, 300n),
  fc.constantFrom(2n ** 31n, 2n ** 32n - 1n, 2n ** 53n + 1n, 2n ** 63n, MAX_VARINT),
);
const varint = fc
  .tuple(number, fc.constantFrom(0, 0, 0, 0, 1, 3))
  .map(([value, padding]) => toVarint(value, padding));
const someBytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => [...bytes]);
const utf8 = fc
  .oneof(anyText, fc.constantFrom(...ODD_NAMES, 'a/shop.Item', 'x/google.rpc.DebugInfo'))
  .map((text) => [...Buffer.from(text)]);

interface Field {
  tag: number[];
  number: number;
  content: number[];
}

const fieldNumber = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 100, 19_000, 2 ** 29 - 1) },
);

function fieldOf(wireType: number, content: fc.Arbitrary<number[]>): fc.Arbitrary<Field> {
  return fc.tuple(fieldNumber, content).map(([one, bytes]) => {
    return { number: one, tag: toVarint(BigInt(one * 8 + wireType)), content: bytes };
  });
}

/** Right, or off by a little. */
const lengthOf = (content: number[]) =>
  fc
    .constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 1, 1000, 2 ** 32)
    .map((off) => toVarint(BigInt(Math.max(0, content.length + off))));
const delimited = (content: fc.Arbitrary<number[]>) =>
  content.chain((bytes) => lengthOf(bytes).map((length) => [...length, ...bytes]));

/** In the order of their numbers, as serialisers write them, or not. */
const join = (fields: fc.Arbitrary<Field[]>) =>
  fc.tuple(fields, fc.nat(3)).map(([all, disorder]) => {
    const ordered = disorder > 0 ? [...all].sort((a, b) => a.number - b.number) : all;
    return ordered.flatMap(({ tag, content }) => [...tag, ...content]);
  });

const { message } = fc.letrec<{ message: number[]; field: Field }>((tie) => ({
  message: join(fc.array(tie('field'), { maxLength: 6, depthIdentifier: 'message' })),
  field: fc.oneof(
    { depthIdentifier: 'message', maxDepth: 4 },
    fieldOf(0, varint),
    fieldOf(2, delimited(utf8)),
    fieldOf(2, delimited(fc.array(varint, { maxLength: 4 }).map((all) => all.flat()))),
    fieldOf(1, someBytes(8)),
    fieldOf(5, someBytes(4)),
    fieldOf(2, delimited(tie('message'))),
    fieldOf(2, delimited(tie('message'))),
    fieldOf(3, tie('message')),
    fieldOf(4, fc.constant([])),
    fieldOf(6, fc.constant([])),
  ),
}));

/** Bytes that look like a message: of fields known and unknown, at times cut or with a changed byte. */
export const messageBytes: fc.Arbitrary<Buffer> = fc
  .tuple(message, fc.nat(9), fc.nat(), fc.nat(255))
  .map(([bytes, fault, at, byte]) => {
    const all = Buffer.from(bytes);
    if (all.length === 0 || fault > 1) return all;
    const place = at % all.length;
    if (fault === 0) return all.subarray(0, place);
    all[place] = byte;
    return all;
  });
