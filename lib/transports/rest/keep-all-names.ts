const DROPPED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** An object that axios does not take for a plain one, and so sends without copying it first. */
class Uncopied {}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function hasDroppedName(data: unknown): boolean {
  const seen = new Set<unknown>();
  const open = [data];
  while (open.length > 0) {
    const value = open.pop();
    if (!isPlainObject(value) || seen.has(value)) continue;
    seen.add(value);
    for (const [key, child] of Object.entries(value)) {
      if (DROPPED.has(key)) return true;
      open.push(child);
    }
  }
  return false;
}

/**
 * A body or query whose names all reach the upstream: axios drops some, for fear of prototypes, when
 * it copies plain objects (RELIABILITY I7).
 */
export function keepAllNames(data: unknown): unknown {
  if (!isPlainObject(data) || !hasDroppedName(data)) return data;
  return Object.defineProperties(new Uncopied(), Object.getOwnPropertyDescriptors(data));
}
