import { Writer } from 'protobufjs';
import type { TypeName } from './start-bytes';

/** Bytes for a type, and what a call that is answered with them comes to. */
export type HostileCase = [what: string, type: TypeName, bytes: Buffer, status: 200 | 500];

const tag = (number: number, wireType: number) => varint((number << 3) | wireType);
const varint = (value: number) => [...Writer.create().uint32(value).finish()];
/** A field of length-delimited bytes. */
const part = (number: number, bytes: ArrayLike<number>) => {
  return Buffer.from([...tag(number, 2), ...varint(bytes.length), ...Array.from(bytes)]);
};
const text = (number: number, value: string) => part(number, Buffer.from(value));
const int = (number: number, value: number) => Buffer.from([...tag(number, 0), ...varint(value)]);
const of = (...parts: (number | Buffer)[]) => {
  return Buffer.concat(parts.map((one) => (typeof one === 'number' ? Buffer.from([one]) : one)));
};
const bytes = (...list: number[]) => Buffer.from(list);
const ff = (count: number) => Buffer.alloc(count, 255);
const many = (count: number, unit: Buffer) => Buffer.concat(Array<Buffer>(count).fill(unit));

/** Codes in the field `left`, or another one, nested so many times. */
function nested(times: number, number = 2): Buffer {
  let inner: Buffer = text(1, 'deep');
  for (let i = 0; i < times; i++) inner = part(number, inner);
  return inner;
}

const scalars: [string, Buffer, 200 | 500][] = [
  ['an empty message', of(), 200],
  ['a tag without value', bytes(8), 500],
  ['a varint that is cut', of(8, ff(3)), 500],
  ['a varint of eleven bytes', of(8, ff(10), 1), 500],
  ['a tag of eleven bytes', of(ff(10), 1), 500],
  ['a tag that is longer than it needs to be', bytes(0x88, 0x80, 0, 5), 200],
  ['the field number 0', bytes(0, 0), 500],
  ['wire type 6', bytes(14, 0), 500],
  ['wire type 7', bytes(15, 0), 500],
  ['a string that is cut', of(0x72, 5, Buffer.from('abc')), 500],
  ['a length of 4 GB', of(0x72, ff(4), 15), 500],
  ['a length beyond 64 bits', of(0x72, ff(9), 1, 97), 500],
  ['bytes that are cut', of(0x7a, 5, 1), 500],
  ['a fixed64 that is cut', of(0x49, ff(7)), 500],
  ['a fixed32 that is cut', of(0x25, ff(3)), 500],
  ['a string where an integer should be', of(text(1, 'x'), int(3, 7)), 200],
  ['an integer where a string should be', of(int(14, 7), int(3, 7)), 200],
  ['an unknown field of each wire type', unknown(), 200],
  ['an unknown field that is cut', of(part(900, [1, 2, 3]).subarray(0, -1)), 500],
  ['an unknown length beyond the message', of(...tag(900, 2), ff(4), 15), 500],
  ['an unknown group that never ends', of(...tag(900, 3), 8, 1), 500],
  ['the end of a group that never began', of(...tag(900, 4)), 500],
  ['an unknown group that ends as another', of(...tag(900, 3), ...tag(901, 4)), 500],
  ['unknown groups, 100,000 deep', many(100_000, bytes(...tag(900, 3))), 500],
  ['text that is no UTF-8', part(14, [0x61, 0xff, 0xc0, 0x80, 0x62]), 200],
  ['half of a surrogate pair', part(14, [0xed, 0xa0, 0x80]), 200],
  ['a character that is cut', part(14, [0xe2, 0x82]), 200],
  ['NUL, quotes and what ends a line of JavaScript', text(14, '\0"\\\u2028\u007f'), 200],
  ['not a number', of(0x61, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f), 200],
  ['an infinity', of(0x61, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f), 200],
  ['the zero below zero', of(0x61, 0, 0, 0, 0, 0, 0, 0, 0x80), 200],
  ['an enum value that is not declared', of(...tag(16, 0), 99), 200],
  ['a boolean that is neither', of(...tag(13, 0), 0x80, 0x80, 0x80, 0x80, 0x10), 200],
  ['a negative int32 in five bytes', of(8, ff(4), 15), 200],
  ['an int32 of 64 bits', of(8, ff(9), 1), 200],
  ['one field twice', of(int(1, 1), int(1, 2), text(14, 'a'), text(14, 'b')), 200],
  ['fields in another order', of(text(14, 'a'), int(1, 1)), 200],
];

function unknown(): Buffer {
  const all = [of(...tag(900, 0), 1), of(...tag(901, 1), ff(8)), text(902, 'x')];
  const group = of(...tag(903, 3), int(1, 1), ...tag(903, 4));
  return of(int(1, 7), ...all, group, of(...tag(904, 5), ff(4)), text(14, 'last'));
}

const entry = (...parts: Buffer[]) => part(1, of(...parts));
const byBool = (...parts: Buffer[]) => part(11, of(...parts));
const byString = (key: ArrayLike<number>, value = 'v') =>
  part(12, of(part(1, key), text(2, value)));
const name = (key: string) => Buffer.from(key);

const maps: [string, Buffer, 200 | 500][] = [
  [
    'a key that comes twice',
    of(entry(int(1, 1), text(2, 'a')), entry(int(1, 1), text(2, 'b'))),
    200,
  ],
  ['true twice', of(byBool(int(1, 1), text(2, 'a')), byBool(int(1, 2), text(2, 'b'))), 200],
  ['an entry without key', entry(text(2, 'a')), 200],
  ['an entry without value', entry(int(1, 1)), 200],
  ['an empty entry', entry(), 200],
  ['a value before its key', entry(text(2, 'a'), int(1, 1)), 200],
  ['a key twice in one entry', entry(int(1, 1), int(1, 2), text(2, 'a')), 200],
  ['a value twice in one entry', entry(int(1, 1), text(2, 'a'), text(2, 'b')), 200],
  ['something unknown in an entry', entry(int(1, 1), text(2, 'a'), text(9, 'x')), 200],
  ['a key of another wire type', entry(text(1, 'x'), text(2, 'a')), 200],
  ['an entry that is cut', entry(int(1, 1), text(2, 'a')).subarray(0, -1), 500],
  ['a value that is longer than its entry', of(10, 4, 8, 1, 18, 9, Buffer.from('123456789')), 500],
  ['an entry as a varint', of(8, 1), 200],
  ['maps that take turns', of(entry(int(1, 1)), byString(name('a')), entry(int(1, 2))), 200],
  ['keys with the names of prototypes', prototypes(), 200],
  ['a key that is no UTF-8', byString([0xff, 0xfe]), 200],
  ['two keys that read alike', of(byString([0xff], '1'), byString([0xfe], '2')), 200],
];

function prototypes(): Buffer {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', ''];
  return of(...names.map((key) => byString(name(key))));
}

const nodes: [string, Buffer, 200 | 500][] = [
  ['messages nested 100 deep', nested(100), 200],
  ['messages nested 101 deep', nested(101), 500],
  ['messages nested 5,000 deep', nested(5000), 500],
  ['list items nested 101 deep', nested(101, 3), 500],
  ['a message in two parts', of(part(2, text(1, 'a')), part(2, part(2, text(1, 'b')))), 200],
  ['a message in parts, 101 deep', of(part(2, text(1, 'a')), nested(101)), 500],
  [
    'a message in parts that nothing joins',
    of(part(2, [10, 5]), part(2, Buffer.from('abcde'))),
    500,
  ],
  ['a message that is longer than the one around it', of(18, 3, 18, 9, 10), 500],
  ['a message as a varint', of(int(2, 1), text(1, 'a')), 200],
  ['a message as a group', of(...tag(2, 3), text(1, 'a'), ...tag(2, 4)), 200],
  [
    'a map entry with a message nested too deep',
    part(4, of(text(1, 'k'), part(2, nested(100)))),
    500,
  ],
];

const lists: [string, Buffer, 200 | 500][] = [
  ['a packed list and loose items', of(part(1, [1, 2]), int(1, 3), part(1, [4])), 200],
  ['a packed list with a cut varint', part(1, [1, 255]), 500],
  ['a packed list of halves', part(4, [1, 0, 0, 0, 2]), 500],
  ['a packed list that is cut', of(10, 5, 1, 2), 500],
  ['an empty packed list', part(1, []), 200],
  ['a packed list of strings', of(part(14, [1, 97]), part(14, [255])), 200],
  ['lists that take turns', of(int(1, 1), int(2, 2), int(1, 3), int(2, 4)), 200],
  ['items between unknown ones', of(int(1, 1), text(900, 'x'), int(1, 2)), 200],
];

const choices: [string, Buffer, 200 | 500][] = [
  ['two of one oneof', of(text(1, 'a'), int(2, 5)), 200],
  ['one of a oneof twice', of(text(1, 'a'), text(1, 'b')), 200],
  ['a message of a oneof in parts', of(part(4, int(1, 1)), int(2, 5), part(4, int(2, 2))), 200],
  ['a zero of a oneof', of(text(1, '')), 200],
];

const others: HostileCase[] = [
  ['a group', 'Groups', of(11, text(2, 'a'), 12), 200],
  ['a group that never ends', 'Groups', of(11, text(2, 'a')), 500],
  ['a group that ends as another', 'Groups', of(11, text(2, 'a'), 20), 500],
  ['a required field that is not there', 'Required', of(text(1, 'a')), 500],
  ['a field with the name of an Any', 'Names', of(text(8, 'type.googleapis.com/codec.Names')), 200],
  [
    'an Any that does not decode',
    'Known',
    part(7, of(text(1, 'x/codec.Node'), part(2, [10, 9]))),
    200,
  ],
];

const ofType = (type: TypeName, cases: [string, Buffer, 200 | 500][]): HostileCase[] =>
  cases.map(([what, sent, status]) => [what, type, sent, status]);

export const HOSTILE: readonly HostileCase[] = [
  ...ofType('Scalars', scalars),
  ...ofType('Maps', maps),
  ...ofType('Node', nodes),
  ...ofType('Lists', lists),
  ...ofType('Choice', choices),
  ...others,
];
