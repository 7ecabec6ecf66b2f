import type { AnyCodec } from './any-codec';
import { setOwn } from './decode';
import type { OutputShape } from './decode';
import type { InputShape } from './encode';
import type { FieldPlan, MessagePlan } from './plan';
import type { Scalar } from './scalars';

/**
 * The shape that users of proto-loader know with `longs: String, enums: String, defaults: true,
 * oneofs: true`: camelCase names, every field there, null for an unset message, and the name of the
 * chosen field under the name of its oneof.
 */
export const LOADER_OUTPUT: OutputShape = {
  nameOf: (field) => field.loaderName,
  create(plan) {
    const target: Record<string, unknown> = {};
    for (const field of plan.fields) {
      if (!field.oneof) setOwn(target, field.loaderName, emptyOf(field));
    }
    return target;
  },
  scalar: (value) => value,
  enumValue: (number, { enum: plan }) => plan.names.get(number) ?? number,
  choose(target, field) {
    for (const other of field.oneof?.fields ?? []) {
      if (other !== field) delete target[other.loaderName];
    }
    if (field.oneof) setOwn(target, field.oneof.loaderName, field.loaderName);
  },
  finish: (message) => message,
};

function emptyOf({ shape, value, declaredDefault }: FieldPlan): unknown {
  if (shape === 'repeated') return [];
  if (shape === 'map') return {};
  if (declaredDefault !== undefined) {
    return declaredDefault instanceof Uint8Array ? Buffer.from(declaredDefault) : declaredDefault;
  }
  if (value.kind === 'message') return null;
  if (value.kind === 'enum') return value.enum.names.get(value.enum.zero) ?? value.enum.zero;
  return value.scalar.type === 'bytes' ? Buffer.alloc(0) : value.scalar.zero;
}

/** What proto-loader takes: all that it gives, and some neighbours of scalars. */
export function createLoaderInput(any: AnyCodec): InputShape {
  return {
    /** Keys that no field has are ignored, as protobufjs does. */
    fieldOf: (plan: MessagePlan, key) => plan.byLoaderName.get(key),
    takesNull: () => false,
    scalar: toNeighbour,
    expand: (value, plan, depth) =>
      plan.fullName === 'google.protobuf.Any' ? packTyped(value, any, depth) : value,
  };
}

/** Text out of numbers and booleans, and the words for booleans, as query strings carry them. */
function toNeighbour(value: unknown, { type }: Scalar): unknown {
  if (type === 'bool') return value === 'true' || (value === 'false' ? false : value);
  const isText = type === 'string' && ['number', 'boolean', 'bigint'].includes(typeof value);
  return isText ? String(value) : value;
}

/** An Any may be given as its content with `@type`, the form that decoded ones have. */
function packTyped(value: unknown, any: AnyCodec, depth: number): unknown {
  const { '@type': typeUrl, ...content } = (value ?? {}) as Record<string, unknown>;
  if (typeof typeUrl !== 'string') return value;
  return { type_url: typeUrl, value: any.pack(typeUrl, content, depth + 1) };
}
