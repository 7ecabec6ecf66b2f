import type { AnyCodec } from './any-codec';
import type { OutputShape } from './decode';
import type { InputShape } from './encode';
import { InvalidMessage } from './invalid-message';
import type { FieldPlan, MessagePlan } from './plan';
import type { Scalar } from './scalars';
import {
  durationToText,
  pathToText,
  textToDuration,
  textToPath,
  textToTimestamp,
  timestampToText,
} from './well-known-text';

type Message = Record<string, unknown>;

const WRAPPERS = [
  'Double',
  'Float',
  'Int64',
  'UInt64',
  'Int32',
  'UInt32',
  'Bool',
  'String',
  'Bytes',
];
const WRAPPER_NAMES = new Set(WRAPPERS.map((name) => `google.protobuf.${name}Value`));
const SPECIAL_NAMES = new Set([
  ...WRAPPER_NAMES,
  ...['Timestamp', 'Duration', 'FieldMask', 'Struct', 'ListValue', 'Value', 'Any'].map(
    (name) => `google.protobuf.${name}`,
  ),
]);

export function hasSpecialJson(fullName: string): boolean {
  return SPECIAL_NAMES.has(fullName);
}

/** ProtoJSON out: presence respected, well-known types in their own forms. */
export function createCanonicalOutput(any: AnyCodec): OutputShape {
  return {
    nameOf: (field) => field.jsonName,
    create: () => ({}),
    scalar(value, { type }) {
      if (type === 'bytes') return (value as Buffer).toString('base64');
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    },
    enumValue(number, { enum: plan }) {
      if (plan.fullName === 'google.protobuf.NullValue') return null;
      return plan.names.get(number) ?? number;
    },
    choose(target, field) {
      for (const other of field.oneof?.fields ?? [])
        if (other !== field) delete target[other.jsonName];
    },
    finish(message, plan, depth) {
      if (hasSpecialJson(plan.fullName)) return toSpecialJson(message, plan, depth, any);
      for (const field of plan.fields) dropDefault(message, field);
      return message;
    },
  };
}

/** A field without presence that has its default is not written. */
function dropDefault(message: Message, field: FieldPlan): void {
  const value = message[field.jsonName];
  const isEmptyList = Array.isArray(value) && value.length === 0;
  if (field.shape !== 'single' ? isEmptyList : !field.hasPresence && isZero(value, field)) {
    delete message[field.jsonName];
  }
}

function isZero(value: unknown, { value: plan }: FieldPlan): boolean {
  if (plan.kind === 'message') return false;
  if (plan.kind === 'scalar') return Object.is(value, zeroOf(plan.scalar));
  return value === null || value === plan.enum.names.get(plan.enum.zero);
}

function zeroOf({ type, zero }: Scalar): unknown {
  return type === 'bytes' ? '' : zero;
}

function toSpecialJson(message: Message, plan: MessagePlan, depth: number, any: AnyCodec): unknown {
  const seconds = Number(message['seconds'] ?? 0);
  const nanos = Number(message['nanos'] ?? 0);
  switch (plan.fullName) {
    case 'google.protobuf.Timestamp':
      return timestampToText(seconds, nanos);
    case 'google.protobuf.Duration':
      return durationToText(seconds, nanos);
    case 'google.protobuf.FieldMask':
      return ((message['paths'] ?? []) as string[]).map(pathToText).join(',');
    case 'google.protobuf.Struct':
      return message['fields'] ?? {};
    case 'google.protobuf.ListValue':
      return message['values'] ?? [];
    case 'google.protobuf.Value':
      return toJsonValue(message);
    case 'google.protobuf.Any':
      return anyToJson(message, depth, any);
    default:
      return 'value' in message ? message['value'] : zeroOfWrapper(plan);
  }
}

function toJsonValue(message: Message): unknown {
  // NaN and the infinities would come back as text.
  if (typeof message['numberValue'] === 'string') throw new Error('a Value is not a JSON number');
  return Object.values(message)[0] ?? null;
}

function zeroOfWrapper(plan: MessagePlan): unknown {
  const value = plan.fields[0]?.value;
  return value?.kind === 'scalar' ? zeroOf(value.scalar) : null;
}

function anyToJson(message: Message, depth: number, any: AnyCodec): unknown {
  const typeUrl = String(message['typeUrl'] ?? '');
  if (typeUrl === '') return {};
  const bytes = Buffer.from((message['value'] ?? '') as string, 'base64');
  const content = any.unpack(typeUrl, bytes, depth + 1);
  // An unknown type stays as it came (CONTRACT 7).
  if (content === undefined) return { type_url: typeUrl, value: bytes.toString('base64') };
  if (any.hasSpecialJson(typeUrl)) return { '@type': typeUrl, value: content };
  return { '@type': typeUrl, ...(content as object) };
}

/** ProtoJSON in: both names of a field, unknown keys refused. */
export function createCanonicalInput(any: AnyCodec): InputShape {
  return {
    fieldOf(plan, key) {
      const field = plan.byJsonName.get(key);
      if (!field) throw new InvalidMessage(`a field of ${plan.fullName}`).within(key.slice(0, 100));
      return field;
    },
    takesNull: ({ value, shape }) =>
      shape === 'single' &&
      ((value.kind === 'message' && value.message().fullName === 'google.protobuf.Value') ||
        (value.kind === 'enum' && value.enum.fullName === 'google.protobuf.NullValue')),
    scalar: (value) => value,
    expand: (value, plan, depth) =>
      hasSpecialJson(plan.fullName) ? fromSpecialJson(value, plan.fullName, any, depth) : value,
  };
}

function fromSpecialJson(value: unknown, fullName: string, any: AnyCodec, depth: number): unknown {
  if (value === null && fullName !== 'google.protobuf.Value') {
    throw new InvalidMessage(`a value (${fullName})`);
  }
  switch (fullName) {
    case 'google.protobuf.Timestamp':
      return textToTimestamp(value);
    case 'google.protobuf.Duration':
      return textToDuration(value);
    case 'google.protobuf.FieldMask':
      return { paths: textToPaths(value) };
    case 'google.protobuf.Struct':
      return { fields: value };
    case 'google.protobuf.ListValue':
      return { values: value };
    case 'google.protobuf.Value':
      return fromJsonValue(value);
    case 'google.protobuf.Any':
      return fromAnyJson(value, any, depth);
    default:
      return { value };
  }
}

function textToPaths(value: unknown): string[] {
  if (typeof value !== 'string') throw new InvalidMessage('field paths joined by commas');
  if (value.includes('_')) throw new InvalidMessage('field paths in lowerCamelCase');
  return value === '' ? [] : value.split(',').map(textToPath);
}

function fromJsonValue(value: unknown): Message {
  if (value === null) return { nullValue: 0 };
  if (typeof value === 'number' && Number.isFinite(value)) return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: value };
  if (typeof value === 'object') return { structValue: value };
  throw new InvalidMessage('a JSON value');
}

function fromAnyJson(value: unknown, any: AnyCodec, depth: number): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidMessage('an object with @type');
  }
  const { '@type': typeUrl, ...fields } = value as Message;
  const isEmpty = typeUrl === undefined && Object.keys(fields).length === 0;
  // One of an unknown type is taken as it is given.
  if (isEmpty || (typeUrl === undefined && typeof fields['type_url'] === 'string')) return fields;
  if (typeof typeUrl !== 'string') throw new InvalidMessage('a type URL').within('@type');
  const isValue = any.hasSpecialJson(typeUrl) && Object.hasOwn(fields, 'value');
  const content = any.pack(typeUrl, isValue ? fields['value'] : fields, depth + 1);
  return { typeUrl, value: content };
}
