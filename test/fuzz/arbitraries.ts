import fc from 'fast-check';

/** What path, URL, header and encoding rules are about. */
export const PIECES = [
  ...['..', '.', '/', '\\', '?', '#', '//', '@', ':', '&', ';', '%', '', ' ', '~', '=', '+'],
  ...['%2e', '%2E', '%2f', '%5c', '%3f', '%23', '%00', '%252e', '%252f', '%2', 'e', '2e', '%c0%ae'],
  ...['\0', '\t', '\n', '\r', '\u007f', '\u0085', '\ud800', '\udfff', '\u2028', '\uff0f', '\u202e'],
  ...['a', 'b', 'null', 'undefined', 'http:', 'evil.test', 'é', '\u{1f600}', '[', ']', '{}'],
  ...['GATEWAY_INVALID_PARAM_VALUE', '__proto__', 'constructor'],
];

const codeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

/** Texts of what rules are about, of any code units (lone surrogates too), and plain ones. */
export const anyText = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }).map((pieces) => pieces.join('')),
  fc.string({ unit: codeUnit, maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
);

/** Names that mean something to the language or to a library. */
export const ODD_NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'then'],
  ...['toJSON', 'length', 'name', 'call', '__defineGetter__', '', '0', '[]', '{}', 'a.b', '@type'],
  ...['code', 'message', 'status', 'details', 'debug', 'type', 'type_url', 'value', 'stack'],
];

const anyName = fc.oneof(fc.constantFrom(...ODD_NAMES), anyText);

/** Objects have their names as own members, `__proto__` too. */
export const anyJson = fc.letrec<{ value: unknown; record: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(anyText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('record'),
  ),
  record: fc
    .array(fc.tuple(anyName, tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}));
