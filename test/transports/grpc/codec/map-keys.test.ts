import { Writer } from 'protobufjs';
import { bufbuild, codecFor } from './oracles';

const NAME = 'codec.Maps';

const maps: [field: string, keys: string[]][] = [
  ['byInt32', ['0', '-1', '2147483647', '-2147483648']],
  ['bySint32', ['0', '-1', '2147483647', '-2147483648']],
  ['byUint32', ['0', '4294967295']],
  ['byFixed32', ['0', '4294967295']],
  ['bySfixed32', ['0', '-2147483648']],
  ['byInt64', ['0', '-1', '9007199254740993', '-9223372036854775808']],
  ['bySint64', ['0', '-1', '9223372036854775807', '-9223372036854775808']],
  ['byUint64', ['0', '18446744073709551615']],
  ['byFixed64', ['0', '18446744073709551615']],
  ['bySfixed64', ['0', '-9223372036854775808']],
  ['byBool', ['true', 'false']],
  ['byString', ['', 'a.b', 'constructor', 'toString', 'ключ']],
];

const varint = (value: number) => [...Writer.create().uint32(value).finish()];

describe.each(['loader', 'canonical'] as const)('R8 in the format %s', (format) => {
  const codec = codecFor(NAME, format);

  test.each(maps)('the keys of %s read and write right', (field, keys) => {
    const entries = Object.fromEntries(keys.map((key) => [key, `value of ${key}`]));
    const json = { [field]: entries };
    expect(codec.decode(bufbuild(NAME).encode(json))[field]).toEqual(entries);
    expect(bufbuild(NAME).decode(codec.encode(json))).toEqual(json);
  });

  test('an entry without key or value has the defaults of their types', () => {
    const empty = (field: number) => [...varint((field << 3) | 2), 0];
    const keyOnly = [(11 << 3) | 2, 2, 8, 1];
    const bytes = [...empty(1), ...keyOnly, ...empty(16), ...empty(17)];
    const message = codec.decode(Buffer.from(bytes));
    expect(message).toMatchObject({ byInt32: { 0: '' }, byBool: { true: '' } });
    expect(message.colorValues).toEqual({ '': 'COLOR_UNSPECIFIED' });
    expect(message.scalarsValues).toEqual({
      '': codecFor('codec.Scalars', format).decode(Buffer.alloc(0)),
    });
  });

  test('__proto__ is a key like any other', () => {
    const entries = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    const message = codec.decode(codec.encode({ byString: entries }));
    expect(Object.entries(message.byString)).toEqual(Object.entries(entries));
    expect(Object.getPrototypeOf(message.byString)).toBe(Object.prototype);
    expect(({} as any).x).toBeUndefined();
  });

  test('the last of two entries with one key counts', () => {
    const first = codec.encode({ byInt32: { 1: 'a' } });
    const second = codec.encode({ byInt32: { 1: 'b' } });
    expect(codec.decode(Buffer.concat([first, second])).byInt32).toEqual({ 1: 'b' });
  });
});
