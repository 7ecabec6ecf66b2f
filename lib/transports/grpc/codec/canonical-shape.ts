import type { OutputShape } from './decode';
import type { InputShape } from './encode';
import { InvalidMessage } from './invalid-message';
import type { FieldPlan, MessagePlan } from './plan';
import {
  durationToText,
  pathToText,
  textToDuration,
  textToPath,
  textToTimestamp,
  timestampToText,
} from './well-known-text';

type Message = Record<string, unknown>;

/** Encodes and decodes what an Any carries; made by the codec, which knows the types. */
export interface AnyCodec {
  /** Undefined for an unknown type. */
  unpack(typeUrl: string, bytes: Uint8Array, depth: number): unknown;
  pack(typeUrl: string, value: unknown): Buffer;
  /** Whether the type's JSON is not an object of its fields, so that Any puts it under `value`. */
  hasSpecialJson(typeUrl: string): boolean;
}

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
    scalar(value, type) {
      if (type === 'bytes') return (value as Buffer).toString('base64');
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    },
    enumValue(number, { enum: plan }) {
      if (plan.fullName === 'google.protobuf.NullValue') return null;
      return plan.names.get(number) ?? number;
    },
    mapKey: (key) => String(key),
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
  if (plan.kind === 'enum') return value === plan.enum.names.get(plan.enum.zero);
  if (plan.kind === 'message') return false;
  return plan.type === 'bytes' ? value === '' : Object.is(value, plan.scalar.zero);
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
      return Object.values(message)[0] ?? null;
    case 'google.protobuf.Any':
      return anyToJson(message, depth, any);
    default:
      return 'value' in message ? message['value'] : zeroOfWrapper(plan);
  }
}

function zeroOfWrapper(plan: MessagePlan): unknown {
  const value = plan.fields[0]?.value;
  if (value?.kind !== 'scalar') return null;
  return value.type === 'bytes' ? '' : value.scalar.zero;
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
      const field = plan.byName.get(key);
      if (!field) throw new InvalidMessage(`a field of ${plan.fullName}`).within(key.slice(0, 100));
      return field;
    },
    takesNull: ({ value, shape }) =>
      shape === 'single' &&
      ((value.kind === 'message' && value.message().fullName === 'google.protobuf.Value') ||
        (value.kind === 'enum' && value.enum.fullName === 'google.protobuf.NullValue')),
    expand: (value, plan) =>
      hasSpecialJson(plan.fullName) ? fromSpecialJson(value, plan, any) : value,
  };
}

function fromSpecialJson(value: unknown, plan: MessagePlan, any: AnyCodec): unknown {
  switch (plan.fullName) {
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
      return fromAnyJson(value, any);
    default:
      return { value };
  }
}

function textToPaths(value: unknown): string[] {
  if (typeof value !== 'string') throw new InvalidMessage('field paths joined by commas');
  return value === '' ? [] : value.split(',').map(textToPath);
}

function fromJsonValue(value: unknown): Message {
  if (value === null) return { null_value: 0 };
  if (typeof value === 'number' && Number.isFinite(value)) return { number_value: value };
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (Array.isArray(value)) return { list_value: value };
  if (typeof value === 'object') return { struct_value: value };
  throw new InvalidMessage('a JSON value');
}

function fromAnyJson(value: unknown, any: AnyCodec): Message {
  const { '@type': typeUrl, ...fields } = (value ?? {}) as Message;
  if (Object.keys(value ?? {}).length === 0) return {};
  if (typeof typeUrl !== 'string') throw new InvalidMessage('a type URL').within('@type');
  const content = any.hasSpecialJson(typeUrl) ? fields['value'] : fields;
  return { type_url: typeUrl, value: any.pack(typeUrl, content) };
}
