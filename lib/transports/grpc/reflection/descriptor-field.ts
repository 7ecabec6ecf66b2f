import { Field, MapField, util } from 'protobufjs';
import { toJsonName } from '../codec/field-names';
import { unescapeBytes } from '../proto-literals';
import { setOptions } from './descriptor-options';
import type { FieldDescriptor, MessageDescriptor } from './descriptors';

/** `TYPE_INT32` and its like; those that name another type are not among them. */
const SCALAR = /^TYPE_(DOUBLE|FLOAT|BOOL|STRING|BYTES|[US]?INT(32|64)|S?FIXED(32|64))$/;
const NAME = /^[A-Za-z_]\w*$/;

/** A name as protoc admits it, for what becomes a key of objects. */
export function readName({ name }: { readonly name?: string }): string {
  if (name !== undefined && NAME.test(name) && name !== '__proto__') return name;
  throw new Error(`a descriptor has the name ${JSON.stringify(name)}`);
}

export interface NameRule {
  /** False raises field names to camelCase, as protobufjs does with proto files. */
  readonly keepCase: boolean;
}

function readType({ type, type_name: name }: FieldDescriptor): string {
  if (typeof type === 'string' && SCALAR.test(type)) return type.slice(5).toLowerCase();
  if (name !== undefined && name !== '') return name;
  throw new Error(`a field has the type ${JSON.stringify(type)}`);
}

function readRule({ label, proto3_optional: isOptional }: FieldDescriptor): string | undefined {
  if (label === 'LABEL_REQUIRED') return 'required';
  if (label === 'LABEL_REPEATED') return 'repeated';
  return isOptional ? 'proto3_optional' : undefined;
}

/** The name of a field; that of a group is taken from its type, as proto files write it. */
function fieldNameOf(field: FieldDescriptor, { keepCase }: NameRule): string {
  const name = readName(field);
  const typeName = field.type_name?.split('.').pop() ?? '';
  const isGroup = field.type === 'TYPE_GROUP' && typeName.toLowerCase() === name;
  if (isGroup) return util.lcFirst(typeName);
  return keepCase ? name : util.camelCase(name);
}

/** A field or an extension. `entry` is the type of a map's entries where the field is one. */
export function toField(
  field: FieldDescriptor,
  names: NameRule,
  entry?: MessageDescriptor,
): Field | MapField {
  const { number = 0, extendee } = field;
  const name = fieldNameOf(field, names);
  const made = entry
    ? toMapField(name, number, entry)
    : new Field(name, number, readType(field), readRule(field), extendee);
  if (field.default_value !== undefined) made.setOption('default', readDefault(field));
  if (field.json_name !== undefined && field.json_name !== toJsonName(readName(field))) {
    made.setOption('json_name', field.json_name);
  }
  if (field.proto3_optional) made.setOption('proto3_optional', true);
  if (field.type === 'TYPE_GROUP') made.setOption('features', { message_encoding: 'DELIMITED' });
  setOptions(made, field.options);
  return made;
}

function toMapField(name: string, number: number, { field = [] }: MessageDescriptor): MapField {
  const [key, value] = [1, 2].map((wanted) => field.find((one) => one.number === wanted));
  if (!key || !value) throw new Error(`the map ${name} has no key or no value`);
  return new MapField(name, number, readType(key), readType(value));
}

/** As a proto file's parser would give it: text stays text, a number that fits is a number. */
function readDefault({ type, default_value: text = '' }: FieldDescriptor): unknown {
  switch (type) {
    case 'TYPE_BYTES':
      return unescapeBytes(text);
    case 'TYPE_BOOL':
      return text === 'true';
    case 'TYPE_STRING':
    case 'TYPE_ENUM':
      return text;
    default:
      return Number.isFinite(Number(text)) && !isUnsafe(text) ? Number(text) : text;
  }
}

function isUnsafe(text: string): boolean {
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text));
}
