const LEXEME =
  /\/\/.*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\bdefault\s*=\s*-?\d{16,20}\b/g;
const ESCAPE = /\\(?:[xX][\da-fA-F]{1,2}|[0-7]{1,3}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)|[^\\]+/g;
const BYTE_OF: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
/** The escapes that protobufjs knows. */
const ESCAPE_OF: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
};

/**
 * A proto file whose literals survive protobufjs, which knows four escapes and drops all others,
 * quotes among them, and rounds integers beyond 2^53.
 */
export function keepLiterals(source: string): string {
  return source.replace(LEXEME, (lexeme) => {
    if (lexeme.startsWith('default')) return lexeme.replace(/-?\d+$/, '"$&"');
    return lexeme.startsWith('/') || !lexeme.includes('\\') ? lexeme : rewrite(lexeme);
  });
}

/** As adjacent literals, which are read as one: text in double quotes, double quotes in single ones. */
function rewrite(literal: string): string {
  const text = bytesToText(unescapeBytes(literal.slice(1, -1)));
  const runs = text.split(/("+)/).map((run, index) => {
    if (index % 2 === 1) return `'${run}'`;
    return `"${run.replace(/[\\\n\r\t\0]/g, (char) => ESCAPE_OF[char] ?? char)}"`;
  });
  return runs.join(' ');
}

/** Bytes that are no UTF-8 as text that keeps them: those beyond ASCII as lone surrogates. */
function bytesToText(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes('\ufffd')) return text;
  return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join(
    '',
  );
}

/** The bytes of a text out of `keepLiterals`. */
export function textToBytes(text: string): Buffer {
  // Of a surrogate, latin1 keeps the low byte.
  return Buffer.from(text, text.isWellFormed() ? 'utf8' : 'latin1');
}

/** The bytes that a text with the escapes of C stands for. */
export function unescapeBytes(text: string): Buffer {
  return Buffer.concat((text.match(ESCAPE) ?? []).map(toBytes));
}

function toBytes(part: string): Buffer {
  const [slash, kind = ''] = part;
  if (slash !== '\\') return Buffer.from(part);
  if (/[0-7]/.test(kind)) return Buffer.from([parseInt(part.slice(1), 8)]);
  if (/x/i.test(kind) && part.length > 2) return Buffer.from([parseInt(part.slice(2), 16)]);
  if (/u/i.test(kind) && part.length > 2) {
    return Buffer.from(String.fromCodePoint(parseInt(part.slice(2), 16)));
  }
  return Buffer.from(BYTE_OF[kind] ?? kind);
}
