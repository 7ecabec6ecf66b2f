import fc from 'fast-check';
import { anyText, ODD_NAMES } from './arbitraries';

/** Names that RELIABILITY H2 keeps back, and some of their neighbours. */
export const KEPT_BACK = [
  ...['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
  ...['proxy-connection', 'proxy-authorization', 'content-length', 'accept-encoding', 'host'],
  ...['http2-settings', 'content-encoding', 'grpc-timeout', 'grpc-encoding', ':path', ':authority'],
];
const KNOWN = [
  ...['x-request-id', 'accept-language', 'cookie', 'set-cookie', 'content-type', 'user-agent'],
  ...['x-forwarded-for', 'x-real-ip', 'origin', 'referer', 'authorization', 'x-data-bin', 'range'],
  ...[
    'accept',
    'idempotency-key',
    'x-request-timeout',
    'content-encoding',
    'forwarded',
    'if-match',
  ],
];

const TOKEN = [..."abcxyzABCXYZ019-_.!#$%&'*+^`|~"];
const token = fc
  .array(fc.constantFrom(...TOKEN), { minLength: 1, maxLength: 8 })
  .map((letters) => letters.join(''));

const inAnyCase = (name: fc.Arbitrary<string>) =>
  fc.tuple(name, fc.boolean()).map(([text, isUpper]) => (isUpper ? text.toUpperCase() : text));

export const headerName = fc.oneof(
  inAnyCase(fc.constantFrom(...KEPT_BACK, ...KNOWN, ...ODD_NAMES)),
  token.map((text) => `x-${text}`),
  token,
  anyText,
);

const LATIN1 = fc.nat(255).map((code) => String.fromCharCode(code));
const VALUES = [
  ...[
    '',
    ' ',
    'a, b',
    'b ',
    '\tx',
    'keep-alive, x-a',
    'close',
    '0',
    '1000',
    'chunked',
    'gzip',
    'ru',
    '*',
  ],
  ...[
    'text/plain',
    'application/json',
    'multipart/form-data',
    'bytes=0-',
    'AAEC',
    '!',
    'x\r\ny: z',
  ],
  ...['100-continue', '127.0.0.1', 'a=1; b=2', 'x\0', 'é', 'ÿ', '😀', '\u0100', 'trailers'],
];

export const headerText = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.string({ unit: LATIN1, maxLength: 10 }),
  anyText,
);

export const headerValue = fc.oneof(
  { weight: 4, arbitrary: headerText },
  fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined, {}, [])),
  fc.array(fc.oneof(headerText, fc.integer(), fc.constant(null)), { maxLength: 3 }),
);

export const anyHeaders = fc
  .array(fc.tuple(headerName, headerValue), { maxLength: 5 })
  .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);

/** RFC 9110 sections 5.1 and 5.5; values may have latin1. */
export const isLegalName = (name: string) => /^[\w!#$%&'*+\-.^`|~]+$/.test(name);
export const isLegalText = (text: string) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
