import type { AnyCodec } from './any-codec';
import type { InputShape } from './encode';
import { InvalidMessage } from './invalid-message';
import { hasSpecialJson } from './special-json';
import { textToDuration, textToPath, textToTimestamp } from './well-known-text';

type Message = Record<string, unknown>;

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
