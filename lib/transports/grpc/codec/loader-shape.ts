import { ANY } from './any-codec';
import type { AnyCodec } from './any-codec';
import { setOwn } from './decode';
import type { OutputShape } from './decode';
import type { InputShape } from './encode';
import { compileScalarOutput, DEFAULT_LOADER_OPTIONS } from './loader-options';
import type { LoaderOptions } from './loader-options';
import type { FieldPlan, MessagePlan } from './plan';
import type { Scalar } from './scalars';

/** What a message looks like before it is read. */
interface Template {
  readonly values: Readonly<Record<string, unknown>>;
  /** Those whose empty value is an object, of which each message has its own. */
  readonly own: readonly FieldPlan[];
}

/**
 * The shape that users of proto-loader know: camelCase names and, with the gateway's options, every
 * field there, null for an unset message, and the name of the chosen field under the name of its oneof.
 */
export function createLoaderOutput(given: LoaderOptions = {}): OutputShape {
  const options = { ...DEFAULT_LOADER_OPTIONS, ...given };
  const scalar = compileScalarOutput(options);
  const enumValue: OutputShape['enumValue'] = (number, { enum: plan }) =>
    options.enums === String ? (plan.names.get(number) ?? number) : number;

  function isFilled({ shape, oneof }: FieldPlan): boolean {
    const { defaults, arrays, objects } = options;
    if (oneof) return false;
    return Boolean(defaults || (shape === 'repeated' && arrays) || (shape === 'map' && objects));
  }

  function emptyOf({ shape, value, declaredDefault }: FieldPlan): unknown {
    if (shape === 'repeated') return [];
    if (shape === 'map') return {};
    if (value.kind === 'message') return null;
    if (value.kind === 'enum') {
      const { numbers, zero } = value.enum;
      return enumValue(numbers.get(declaredDefault as string) ?? zero, value);
    }
    const zero = declaredDefault ?? value.scalar.zero;
    return scalar(zero instanceof Uint8Array ? Buffer.from(zero) : zero, value.scalar);
  }

  const templates = new WeakMap<MessagePlan, Template>();

  function templateOf(plan: MessagePlan): Template {
    const known = templates.get(plan);
    if (known) return known;
    const filled = plan.fields.filter(isFilled);
    const values: Record<string, unknown> = {};
    for (const field of filled) setOwn(values, field.loaderName, emptyOf(field));
    const isOwn = (field: FieldPlan) =>
      Object(values[field.loaderName]) === values[field.loaderName];
    const template = { values, own: filled.filter(isOwn) };
    templates.set(plan, template);
    return template;
  }

  return {
    nameOf: (field) => field.loaderName,
    create(plan) {
      const { values, own } = templateOf(plan);
      const target = { ...values };
      for (const field of own) setOwn(target, field.loaderName, emptyOf(field));
      return target;
    },
    scalar,
    enumValue,
    choose(target, field) {
      for (const other of field.oneof?.fields ?? []) {
        if (other !== field) delete target[other.loaderName];
      }
      if (field.oneof && options.oneofs) {
        setOwn(target, field.oneof.loaderName, field.loaderName);
      }
    },
    finish: (message, plan) => (plan.fullName === ANY ? toAny(message) : message),
  };
}

/** An Any has one form under all options: what is in it is yet to be decoded. */
function toAny({ type_url = '', value = '' }: Record<string, unknown>): unknown {
  if (Buffer.isBuffer(value)) return { type_url, value };
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value;
  return { type_url, value: Buffer.from(bytes as Uint8Array) };
}

/** What proto-loader takes: all that it gives, and some neighbours of scalars. */
export function createLoaderInput(any: AnyCodec): InputShape {
  return {
    /** Keys that no field has are ignored, as protobufjs does. */
    fieldOf: (plan: MessagePlan, key) => plan.byLoaderName.get(key),
    takesNull: () => false,
    scalar: toNeighbour,
    expand: (value, plan, depth) => (plan.fullName === ANY ? packTyped(value, any, depth) : value),
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
