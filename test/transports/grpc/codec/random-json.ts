import { ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { DescEnum, DescField, DescMessage } from '@bufbuild/protobuf';

/** The same sequence for the same seed. */
export function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)] as T };
}
type Random = ReturnType<typeof createRandom>;

const TEXTS = ['', 'a', 'ключ', '😀', 'a\u0000b', '"', '__proto__ ', 'constructor', '1'];
const INT32 = [0, 1, -1, 127, 128, -128, 2 ** 31 - 1, -(2 ** 31)];
const UINT32 = [0, 1, 127, 128, 16384, 2 ** 31, 2 ** 32 - 1];
const INT64 = ['0', '1', '-1', '9007199254740993', '9223372036854775807', '-9223372036854775808'];
const UINT64 = ['0', '1', '9007199254740993', '9223372036854775808', '18446744073709551615'];
const FLOAT = [0, -0, 1.5, -2.25, 'NaN', 'Infinity', '-Infinity', 2 ** 100, 2 ** -140];

const VALUES: Partial<Record<ScalarType, readonly unknown[]>> = {
  [ScalarType.INT32]: INT32,
  [ScalarType.SINT32]: INT32,
  [ScalarType.SFIXED32]: INT32,
  [ScalarType.UINT32]: UINT32,
  [ScalarType.FIXED32]: UINT32,
  [ScalarType.INT64]: INT64,
  [ScalarType.SINT64]: INT64,
  [ScalarType.SFIXED64]: INT64,
  [ScalarType.UINT64]: UINT64,
  [ScalarType.FIXED64]: UINT64,
  [ScalarType.FLOAT]: FLOAT,
  [ScalarType.DOUBLE]: [...FLOAT, 0.1, 1e300, Number.MIN_VALUE],
  [ScalarType.BOOL]: [true, false],
  [ScalarType.STRING]: TEXTS,
  [ScalarType.BYTES]: ['', 'AA==', '//79', 'aGVsbG8='],
};

const TYPE_URLS = ['codec.Scalars', 'codec.Node', 'codec.Choice'];

function wellKnownJson(name: string, random: Random, depth: number): unknown {
  const value = (): any => (depth > 4 ? null : anyJson(random, depth + 1));
  switch (name.replace('google.protobuf.', '')) {
    case 'Timestamp':
      return random.pick([
        '1970-01-01T00:00:00Z',
        '0001-01-01T00:00:00Z',
        '2020-02-29T23:59:59.001Z',
      ]);
    case 'Duration':
      return random.pick(['0s', '1.500s', '-0.000000001s', '315576000000s']);
    case 'FieldMask':
      return random.pick(['', 'a', 'fooBar,b.cD']);
    case 'Struct':
      return Object.fromEntries(TEXTS.slice(0, random.below(4)).map((key) => [key, value()]));
    case 'ListValue':
      return Array.from({ length: random.below(4) }, value);
    case 'Value':
      return value();
    default:
      return undefined;
  }
}

function anyJson(random: Random, depth: number): unknown {
  const kind = random.pick(['Struct', 'ListValue', 'scalar', 'scalar']);
  return kind === 'scalar'
    ? random.pick([null, true, 0, -1.5, '', 'x'])
    : wellKnownJson(kind, random, depth);
}

function enumJson({ typeName, values }: DescEnum, random: Random): unknown {
  return typeName === 'google.protobuf.NullValue' ? null : random.pick(values).name;
}

function valueJson(field: DescField, random: Random, depth: number): unknown {
  if (field.message) return randomJson(field.message, random, depth + 1);
  if (field.enum) return enumJson(field.enum, random);
  return random.pick(VALUES[field.scalar] ?? []);
}

function fieldJson(field: DescField, random: Random, depth: number): unknown {
  const count = random.below(depth > 3 ? 1 : 4);
  if (field.fieldKind === 'list') {
    return Array.from({ length: count }, () => valueJson(field, random, depth));
  }
  if (field.fieldKind !== 'map') return valueJson(field, random, depth);
  const keys = VALUES[field.mapKey] ?? [];
  return Object.fromEntries(
    keys.slice(0, count).map((key) => [String(key), valueJson(field, random, depth)]),
  );
}

/** A message with some of its fields set, as ProtoJSON. */
export function randomJson(message: DescMessage, random: Random, depth = 0): any {
  const { typeName } = message;
  if (typeName === 'google.protobuf.Any') return { '@type': `a.b/${random.pick(TYPE_URLS)}` };
  const special = wellKnownJson(typeName, random, depth);
  if (special !== undefined) return special;
  if (/^google\.protobuf\.\w+Value$/.test(typeName)) {
    return valueJson(message.fields[0] as DescField, random, depth);
  }
  const json: Record<string, unknown> = {};
  for (const member of message.members) {
    const field = member.kind === 'oneof' ? random.pick(member.fields) : member;
    const isRequired = field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
    const isTooDeep = depth > 4 && field.message !== undefined;
    if (isRequired || (!isTooDeep && random.below(3) > 0)) {
      json[field.jsonName] = fieldJson(field, random, depth);
    }
  }
  return json;
}
