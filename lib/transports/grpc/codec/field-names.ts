import { Type } from 'protobufjs';
import type { Field, OneOf } from 'protobufjs';

export interface FieldNames {
  readonly protoName: string;
  /** As proto-loader names it. */
  readonly loaderName: string;
  /** As ProtoJSON names it: `json_name`, else lowerCamelCase; `[full.name]` for an extension. */
  readonly jsonName: string;
}

/** protobufjs's own rule, which users of proto-loader know: only letters are raised. */
function toLoaderName(protoName: string): string {
  const raised = protoName
    .slice(1)
    .replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  return protoName.slice(0, 1) + raised;
}

/** The rule of protoc: every underscore goes, what follows it is raised. */
export function toJsonName(protoName: string): string {
  return protoName.replace(/_+(.?)/g, (_all, next: string) => next.toUpperCase());
}

/** The names of a resolved field. */
export function readNames(field: Field): FieldNames {
  const { name, options, resolvedType, parent } = field;
  if (field.declaringField) {
    // An extension: protobufjs names it by its full name, which begins with a dot.
    const jsonName = `[${name.slice(1)}]`;
    const loaderName = name.replace(/[^.]+$/, toLoaderName);
    return { protoName: jsonName, loaderName, jsonName };
  }
  const isGroup =
    resolvedType instanceof Type && (resolvedType as Type & { group?: boolean }).group === true;
  // protobufjs has always named this one as the file does.
  const isTypeUrl = name === 'type_url' && parent?.fullName === '.google.protobuf.Any';
  const protoName = isGroup ? name.toLowerCase() : name;
  const ownName: unknown = options?.['json_name'];
  return {
    protoName,
    loaderName: isGroup || isTypeUrl ? name : toLoaderName(name),
    jsonName: typeof ownName === 'string' ? ownName : toJsonName(protoName),
  };
}

export function oneofLoaderName(oneof: OneOf): string {
  const [first] = oneof.fieldsArray;
  // The one of an optional field is called after the field.
  return oneof.isProto3Optional && first
    ? `_${toLoaderName(first.name)}`
    : toLoaderName(oneof.name);
}
