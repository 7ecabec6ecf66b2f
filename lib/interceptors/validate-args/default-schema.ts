/**
 * Admits, as top-level values, numbers, objects, and strings that cannot change the shape of a path:
 * none with `..`, `?`, `#`, a backslash or a slash.
 */
export const DEFAULT_VALIDATION_SCHEMA = {
  type: 'object',
  additionalProperties: {
    anyOf: [
      { type: 'number' },
      { type: 'object' },
      { type: 'string', pattern: '^(?![\\s\\S]*\\.\\.)[^?#\\\\/]*$' },
    ],
  },
} as const;
