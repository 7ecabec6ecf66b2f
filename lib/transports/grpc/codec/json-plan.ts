import { ANY } from './any-codec';
import type { OutputShape } from './decode';
import { wireTypeOf } from './plan';
import type { FieldPlan, MessagePlan, ValuePlan } from './plan';
import { DELIMITED } from './wire-types';

/** A field on its way from the wire to JSON text. */
export interface JsonField {
  readonly plan: FieldPlan;
  /** Where it stands among the fields of its message. */
  readonly index: number;
  /** `,"name":`. This and the texts below have a character for each byte of their UTF-8. */
  readonly key: string;
  /** What stands there when it is not set, key and value; empty when nothing does. */
  readonly unset: string;
  /** What says that its oneof has it. */
  readonly chosen: string;
  /** The JSON of a value that is neither a message nor a string. */
  readonly toText: (value: unknown) => string;
  /** The tags within an entry of a map. */
  readonly keyTag: number;
  readonly valueTag: number;
}

/** A message type, prepared for writing JSON from bytes whose fields are in the order of their numbers. */
export interface JsonPlan {
  readonly fields: readonly JsonField[];
  readonly byTag: ReadonlyMap<number, JsonField>;
}

export function compileJsonPlan(plan: MessagePlan, shape: OutputShape): JsonPlan {
  const unset = shape.create(plan);
  const ordered = [...plan.fields].sort((one, other) => one.number - other.number);
  const fields = ordered.map((field, index): JsonField => {
    const name = shape.nameOf(field);
    const key = toByteText(`,${JSON.stringify(name)}:`);
    return {
      plan: field,
      index,
      key,
      unset: Object.hasOwn(unset, name) ? key + toByteText(JSON.stringify(unset[name])) : '',
      chosen: toByteText(
        field.oneof ? `,${JSON.stringify(field.oneof.loaderName)}:${JSON.stringify(name)}` : '',
      ),
      toText: compileText(field.value),
      keyTag: toTag(1, field.mapKey?.wireType ?? 0),
      valueTag: toTag(2, wireTypeOf(field.value)),
    };
  });
  const byTag = fields.flatMap((field) => {
    const { number, wireType, isPackable } = field.plan;
    const wireTypes = isPackable ? [wireType, DELIMITED] : [wireType];
    return wireTypes.map((one) => [toTag(number, one), field] as const);
  });
  return { fields, byTag: new Map(byTag) };
}

function toByteText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function toTag(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}

function compileText(value: ValuePlan): JsonField['toText'] {
  if (value.kind === 'message') return String;
  if (value.kind === 'scalar') return value.scalar.type === 'bool' ? String : JSON.stringify;
  const { names } = value.enum;
  const texts = new Map(
    [...names].map(([number, name]) => [number, toByteText(JSON.stringify(name))]),
  );
  return (number) => texts.get(number as number) ?? String(number);
}

/** Whether messages of a type, and all that can be in them, are what their fields say and no more. */
export function isPlain(plan: MessagePlan, seen = new Set<MessagePlan>()): boolean {
  if (seen.has(plan)) return true;
  seen.add(plan);
  const { fields, fullName, required } = plan;
  const isSpecial = fullName === ANY || fullName === 'google.rpc.DebugInfo';
  if (isSpecial || required.length > 0 || !hasOwnNames(fields)) return false;
  return fields.every(({ value }) => {
    return value.kind !== 'message' || (!value.isGroup && isPlain(value.message(), seen));
  });
}

/** Whether no two fields share a name, and none has that which makes an object look like an Any. */
function hasOwnNames(fields: readonly FieldPlan[]): boolean {
  const oneofs = new Set(fields.map(({ oneof }) => oneof?.loaderName).filter(Boolean));
  const names = new Set([...fields.map(({ loaderName }) => loaderName), ...oneofs]);
  return names.size === fields.length + oneofs.size && !names.has('type_url');
}
