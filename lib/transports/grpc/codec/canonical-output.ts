import type { AnyCodec } from './any-codec';
import type { OutputShape } from './decode';
import type { FieldPlan, MessagePlan } from './plan';
import type { Scalar } from './scalars';
import { hasSpecialJson } from './special-json';
import { durationToText, pathToText, timestampToText } from './well-known-text';

type Message = Record<string, unknown>;

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
  const typeUrl = (message['typeUrl'] ?? '') as string;
  if (typeUrl === '') return {};
  const bytes = Buffer.from((message['value'] ?? '') as string, 'base64');
  const content = any.unpack(typeUrl, bytes, depth + 1);
  // An unknown type stays as it came (CONTRACT 7).
  if (content === undefined) return { type_url: typeUrl, value: bytes.toString('base64') };
  if (any.hasSpecialJson(typeUrl)) return { '@type': typeUrl, value: content };
  return { '@type': typeUrl, ...(content as object) };
}
