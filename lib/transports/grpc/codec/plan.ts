import { Enum, MapField, Type } from 'protobufjs';
import type { Field, OneOf } from 'protobufjs';
import { readDefault } from './declared-default';
import { oneofLoaderName, readNames } from './field-names';
import type { FieldNames } from './field-names';
import { SCALARS } from './scalars';
import type { Scalar } from './scalars';
import { DELIMITED, START_GROUP, VARINT } from './wire-types';

export interface EnumPlan {
  readonly fullName: string;
  readonly numbers: ReadonlyMap<string, number>;
  /** The first name of a number: with `allow_alias` there are several. */
  readonly names: ReadonlyMap<number, string>;
  readonly zero: number;
}

/** What a field holds. */
export type ValuePlan =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'enum'; readonly enum: EnumPlan }
  | { readonly kind: 'message'; readonly message: () => MessagePlan; readonly isGroup: boolean };

export interface FieldPlan extends FieldNames {
  readonly number: number;
  readonly value: ValuePlan;
  /** Of one value, or of one entry of a map. */
  readonly wireType: number;
  readonly shape: 'single' | 'repeated' | 'map';
  readonly mapKey: Scalar | undefined;
  /** Repeated, of a type that may be packed; readers take both forms. */
  readonly isPackable: boolean;
  readonly isPacked: boolean;
  readonly isRequired: boolean;
  readonly hasPresence: boolean;
  /** A default that proto2 or editions declare. */
  readonly declaredDefault: unknown;
  readonly oneof: OneofPlan | undefined;
}

export interface OneofPlan {
  readonly loaderName: string;
  readonly fields: FieldPlan[];
}

/** A message type, prepared for decoding and encoding. */
export interface MessagePlan {
  readonly fullName: string;
  readonly fields: readonly FieldPlan[];
  readonly required: readonly FieldPlan[];
  readonly byNumber: ReadonlyMap<number, FieldPlan>;
  /** By every name that a field goes by, first of all proto-loader's. */
  readonly byLoaderName: ReadonlyMap<string, FieldPlan>;
  /** By the two names that ProtoJSON knows. */
  readonly byJsonName: ReadonlyMap<string, FieldPlan>;
}

/** Plans of one root, each type planned once. Types are expected to be resolved and to keep their case. */
export class PlanCache {
  private readonly messages = new WeakMap<Type, MessagePlan>();
  private readonly enums = new WeakMap<Enum, EnumPlan>();

  planOf(type: Type): MessagePlan {
    const known = this.messages.get(type);
    if (known) return known;
    const plan = this.compile(type);
    this.messages.set(type, plan);
    return plan;
  }

  private compile(type: Type): MessagePlan {
    const oneofs = new Map<OneOf, OneofPlan>();
    const fields = type.fieldsArray.map((field) => this.compileField(field.resolve(), oneofs));
    const by = (name: keyof FieldNames) => fields.map((field) => [field[name], field] as const);
    // What one field is called may be another name of the next one: the last entry wins.
    const byJsonName = [...by('protoName'), ...by('jsonName')];
    return {
      fullName: type.fullName.replace(/^\./, ''),
      fields,
      required: fields.filter((field) => field.isRequired),
      byNumber: new Map(fields.map((field) => [field.number, field])),
      byLoaderName: new Map([...byJsonName, ...by('loaderName')]),
      byJsonName: new Map(byJsonName),
    };
  }

  private compileField(field: Field, oneofs: Map<OneOf, OneofPlan>): FieldPlan {
    const oneof = field.partOf ? this.oneofOf(field.partOf, oneofs) : undefined;
    const value = this.compileValue(field);
    const wireType = field.map ? DELIMITED : wireTypeOf(value);
    const isPackable = field.repeated && value.kind !== 'message' && wireType !== DELIMITED;
    const plan: FieldPlan = {
      ...readNames(field),
      number: field.id,
      value,
      wireType,
      shape: field.map ? 'map' : field.repeated ? 'repeated' : 'single',
      mapKey: field instanceof MapField ? SCALARS.get(field.keyType) : undefined,
      isPackable,
      isPacked: isPackable && field.packed,
      isRequired: field.required,
      hasPresence: Boolean(field.hasPresence),
      declaredDefault: readDefault(field.options?.['default'], value),
      oneof,
    };
    oneof?.fields.push(plan);
    return plan;
  }

  private oneofOf(oneof: OneOf, known: Map<OneOf, OneofPlan>): OneofPlan {
    const plan = known.get(oneof) ?? { loaderName: oneofLoaderName(oneof), fields: [] };
    known.set(oneof, plan);
    return plan;
  }

  private compileValue(field: Field): ValuePlan {
    const { resolvedType } = field;
    if (resolvedType instanceof Type) {
      const isGroup = field.delimited === true;
      return { kind: 'message', message: () => this.planOf(resolvedType), isGroup };
    }
    if (resolvedType instanceof Enum) return { kind: 'enum', enum: this.planOfEnum(resolvedType) };
    const scalar = SCALARS.get(field.type);
    if (!scalar) throw new Error(`no such type: ${field.type} (field ${field.fullName})`);
    return { kind: 'scalar', scalar };
  }

  private planOfEnum(type: Enum): EnumPlan {
    const known = this.enums.get(type);
    if (known) return known;
    const entries = Object.entries(type.values);
    const names = new Map<number, string>();
    for (const [name, number] of entries) if (!names.has(number)) names.set(number, name);
    const fullName = type.fullName.replace(/^\./, '');
    const plan = { fullName, numbers: new Map(entries), names, zero: entries[0]?.[1] ?? 0 };
    this.enums.set(type, plan);
    return plan;
  }
}

export function wireTypeOf(value: ValuePlan): number {
  if (value.kind === 'scalar') return value.scalar.wireType;
  if (value.kind === 'enum') return VARINT;
  return value.isGroup ? START_GROUP : DELIMITED;
}
