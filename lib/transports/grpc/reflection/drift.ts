import { Enum, MapField, Type } from 'protobufjs';
import type { Field } from 'protobufjs';
import type { MethodTypes, ServiceTypes } from '../service-types';

/**
 * How a newer description of a service breaks callers of one of its methods, one line for each: what
 * is gone, has another number or type, is called differently in JSON, or has become required. What is
 * new besides says nothing.
 */
export function findDrift(before: ServiceTypes, after: ServiceTypes, method: string): string[] {
  const old = before.methods.get(method);
  const found = after.methods.get(method);
  if (!old) return [];
  if (!found) return [`the method ${old.path} is gone`];
  const isSameKind =
    old.requestStream === found.requestStream && old.responseStream === found.responseStream;
  return [
    ...(isSameKind ? [] : [`the method ${old.path} is of another type`]),
    ...compareMessages(old, found),
  ];
}

function compareMessages(old: MethodTypes, found: MethodTypes): string[] {
  const told = new Set<string>();
  const seen = new Set<string>();

  function compareTypes(before: Type, after: Type): void {
    const pair = `${before.fullName} ${after.fullName}`;
    if (seen.has(pair)) return;
    seen.add(pair);
    for (const field of before.fieldsArray) compareField(field, after);
    for (const field of after.fieldsArray) {
      if (field.required && !before.fieldsById[field.id])
        told.add(`${nameOf(field)} is required now`);
    }
  }

  function compareField(field: Field, after: Type): void {
    const same = after.fieldsById[field.id];
    const namesake = Object.hasOwn(after.fields, field.name) ? after.fields[field.name] : undefined;
    if (same && jsonNameOf(same) === jsonNameOf(field)) compareValues(field, same);
    else if (namesake) {
      told.add(`${nameOf(field)} has the number ${namesake.id} instead of ${field.id} now`);
    } else if (same) told.add(`${nameOf(field)} is called ${jsonNameOf(same)} now`);
    else told.add(`${nameOf(field)} is gone`);
  }

  function compareValues(field: Field, same: Field): void {
    const [before, after] = [field.resolve(), same.resolve()];
    if (typeOf(before) !== typeOf(after)) {
      told.add(`${nameOf(field)} is ${typeOf(after)} instead of ${typeOf(before)} now`);
    } else if (before.resolvedType instanceof Type && after.resolvedType instanceof Type) {
      compareTypes(before.resolvedType, after.resolvedType);
    } else if (before.resolvedType instanceof Enum && after.resolvedType instanceof Enum) {
      for (const line of compareEnums(before.resolvedType, after.resolvedType)) told.add(line);
    }
  }

  compareTypes(old.request, found.request);
  compareTypes(old.response, found.response);
  return [...told];
}

function compareEnums(before: Enum, after: Enum): string[] {
  const changed = Object.entries(before.values).filter(
    ([name, number]) => after.values[name] !== number,
  );
  return changed.map(([name, number]) => {
    const value = `the value ${name} = ${number} of ${before.fullName.slice(1)}`;
    return Object.hasOwn(after.values, name)
      ? `${value} has the number ${after.values[name]} now`
      : `${value} is gone`;
  });
}

function nameOf(field: Field): string {
  return `the field ${field.fullName.slice(1)}`;
}

function jsonNameOf({ name, options }: Field): string {
  return (options?.['json_name'] as string | undefined) ?? name;
}

/** What callers see of a type: a message that is only called differently is the same to them. */
function typeOf(field: Field): string {
  const { resolvedType } = field;
  const value =
    resolvedType instanceof Type ? 'message' : resolvedType instanceof Enum ? 'enum' : field.type;
  if (field instanceof MapField) return `map<${field.keyType}, ${value}>`;
  return field.repeated ? `repeated ${value}` : value;
}
