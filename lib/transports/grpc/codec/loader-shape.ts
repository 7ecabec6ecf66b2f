import type { OutputShape } from './decode';
import type { InputShape } from './encode';
import type { FieldPlan, MessagePlan } from './plan';
import { setOwn } from './decode';

/**
 * The shape that users of proto-loader know with `longs: String, enums: String, defaults: true,
 * oneofs: true`: camelCase names, every field there, null for an unset message, and the name of the
 * chosen field under the name of its oneof.
 */
export const LOADER_OUTPUT: OutputShape = {
  nameOf: loaderNameOf,
  create(plan) {
    const target: Record<string, unknown> = {};
    for (const field of plan.fields) {
      if (!field.oneof) setOwn(target, loaderNameOf(field), emptyOf(field));
    }
    return target;
  },
  scalar: (value) => value,
  enumValue: (number, { enum: plan }) => plan.names.get(number) ?? number,
  mapKey: (key) => String(key),
  choose(target, field) {
    for (const other of field.oneof?.fields ?? []) {
      if (other !== field) delete target[loaderNameOf(other)];
    }
    if (field.oneof) setOwn(target, field.oneof.loaderName, loaderNameOf(field));
  },
  finish: (message) => message,
};

/** google.protobuf.Any keeps `type_url`, as protobufjs has always named it. */
function loaderNameOf(field: FieldPlan): string {
  return field.protoName === 'type_url' ? 'type_url' : field.loaderName;
}

function emptyOf({ shape, value, declaredDefault }: FieldPlan): unknown {
  if (shape === 'repeated') return [];
  if (shape === 'map') return {};
  if (value.kind === 'message') return null;
  if (value.kind === 'enum') {
    const { names, zero } = value.enum;
    return declaredDefault ?? names.get(zero) ?? zero;
  }
  if (declaredDefault === undefined)
    return value.type === 'bytes' ? Buffer.alloc(0) : value.scalar.zero;
  if (value.type === 'bytes') return Buffer.from(String(declaredDefault as string), 'latin1');
  if (typeof value.scalar.zero === 'number') return toNumber(declaredDefault);
  return typeof value.scalar.zero === 'string' ? `${declaredDefault as string}` : declaredDefault;
}

/** Defaults of proto2 are `inf` and `nan` where JavaScript has other words. */
function toNumber(value: unknown): number {
  const words: Record<string, number> = { inf: Infinity, '-inf': -Infinity, nan: NaN };
  return typeof value === 'string' ? (words[value] ?? Number(value)) : (value as number);
}

export const LOADER_INPUT: InputShape = {
  /** Keys that no field has are ignored, as protobufjs does. */
  fieldOf: (plan: MessagePlan, key) => plan.byName.get(key),
  takesNull: () => false,
  expand: (value) => value,
};
