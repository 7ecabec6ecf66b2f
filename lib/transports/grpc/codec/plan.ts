import { Enum, MapField, Type } from 'protobufjs';
import type { Field, OneOf } from 'protobufjs';
import { SCALARS } from './scalars';
import type { Scalar } from './scalars';

export interface EnumPlan {
  readonly fullName: string;
  readonly numbers: ReadonlyMap<string, number>;
  /** The first name of a number: with `allow_alias` there are several. */
  readonly names: ReadonlyMap<number, string>;
  readonly zero: number;
}

/** What a field holds. */
export type ValuePlan =
  | { readonly kind: 'scalar'; readonly scalar: Scalar; readonly type: string }
  | { readonly kind: 'enum'; readonly enum: EnumPlan }
  | { readonly kind: 'message'; readonly message: () => MessagePlan; readonly isGroup: boolean };

export interface FieldPlan {
  readonly number: number;
  readonly protoName: string;
  /** As proto-loader names it. */
  readonly loaderName: string;
  /** As ProtoJSON names it: `json_name`, else lowerCamelCase. */
  readonly jsonName: string;
  readonly value: ValuePlan;
  readonly shape: 'single' | 'repeated' | 'map';
  readonly mapKey: Scalar | undefined;
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
  readonly byNumber: ReadonlyMap<number, FieldPlan>;
  /** By each name that a field goes by. */
  readonly byName: ReadonlyMap<string, FieldPlan>;
}

/** protobufjs's own rule, which users of proto-loader know: only letters are raised. */
export function toLoaderName(protoName: string): string {
  const raised = protoName
    .slice(1)
    .replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  return protoName.slice(0, 1) + raised;
}

/** The rule of protoc: every underscore goes, what follows it is raised. */
export function toJsonName(protoName: string): string {
  return protoName.replace(/_+(.?)/g, (_all, next: string) => next.toUpperCase());
}

/** Plans of one root, each type planned once. Types are expected to be resolved and to keep their case. */
export class PlanCache {
  private readonly messages = new Map<Type, MessagePlan>();
  private readonly enums = new Map<Enum, EnumPlan>();

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
    const byName = new Map<string, FieldPlan>();
    for (const field of fields) byName.set(field.protoName, field);
    for (const field of fields) byName.set(field.loaderName, field).set(field.jsonName, field);
    return {
      fullName: type.fullName.replace(/^\./, ''),
      fields,
      byNumber: new Map(fields.map((field) => [field.number, field])),
      byName,
    };
  }

  private compileField(field: Field, oneofs: Map<OneOf, OneofPlan>): FieldPlan {
    const jsonName: unknown = field.options?.['json_name'];
    const oneof = field.partOf ? this.oneofOf(field.partOf, oneofs) : undefined;
    const plan: FieldPlan = {
      number: field.id,
      protoName: field.name,
      loaderName: toLoaderName(field.name),
      jsonName: typeof jsonName === 'string' ? jsonName : toJsonName(field.name),
      value: this.compileValue(field),
      shape: field.map ? 'map' : field.repeated ? 'repeated' : 'single',
      mapKey: field instanceof MapField ? SCALARS.get(field.keyType) : undefined,
      isPacked: field.packed,
      isRequired: field.required,
      hasPresence: field.hasPresence === true || oneof !== undefined,
      declaredDefault: field.options?.['default'],
      oneof,
    };
    oneof?.fields.push(plan);
    return plan;
  }

  private oneofOf(oneof: OneOf, known: Map<OneOf, OneofPlan>): OneofPlan {
    const plan = known.get(oneof) ?? { loaderName: toLoaderName(oneof.name), fields: [] };
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
    return { kind: 'scalar', scalar, type: field.type };
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
