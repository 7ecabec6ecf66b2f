/** Marks that repeat what stands before them, without an upper bound worth the name. */
const UNBOUNDED = /^(?:[*+]|\{\d+,\d*\})/;
/** A group that repeats itself also does harm where it stands ten times: `(.*a){20}` (OWASP). */
const MANY_TIMES = /^\{\d{2,}\}/;

/**
 * Whether a pattern repeats a group that itself repeats, such as `(a+)+`: the shape that makes a
 * backtracking engine take exponential time (OWASP: regular expression denial of service).
 */
export function hasNestedQuantifiers(pattern: string): boolean {
  const groups: boolean[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === '\\') i++;
    else if (character === '[') i = endOfClass(pattern, i);
    else if (character === '(') groups.push(false);
    else if (character === ')') {
      const repeatsInside = groups.pop() ?? false;
      const rest = pattern.slice(i + 1);
      const isRepeated = UNBOUNDED.test(rest);
      if (repeatsInside && (isRepeated || MANY_TIMES.test(rest))) return true;
      if (repeatsInside || isRepeated) markGroup(groups);
    } else if (UNBOUNDED.test(pattern.slice(i, i + 20))) markGroup(groups);
  }
  return false;
}

function markGroup(groups: boolean[]): void {
  if (groups.length > 0) groups[groups.length - 1] = true;
}

function endOfClass(pattern: string, start: number): number {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === ']') return i;
  }
  return pattern.length;
}

/** Every `pattern` and key of `patternProperties` in a schema, wherever they stand. */
export function* listPatterns(schema: unknown, depth = 0): Generator<string> {
  if (typeof schema !== 'object' || schema === null || depth > 100) return;
  const { pattern, patternProperties } = schema as Record<string, unknown>;
  if (typeof pattern === 'string') yield pattern;
  if (typeof patternProperties === 'object' && patternProperties !== null) {
    yield* Object.keys(patternProperties);
  }
  for (const child of Object.values(schema)) yield* listPatterns(child, depth + 1);
}
