import { readHeader } from '../../headers/header-record';
import type { HeadersInput } from '../../headers/header-record';

/** RFC 9110 section 11.1: names of schemes are compared without case. */
const SCHEME = /^bearer(?![^ ])/i;
/** RFC 6750 section 2.1: `b64token`. */
const CREDENTIALS = /^bearer +([a-z0-9\-._~+/]+=*) *$/i;

export type Credentials =
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'token'; readonly token: string };

/** The bearer token of a request. Credentials of another scheme are none (RFC 6750 section 3.1). */
export function readToken(headers: HeadersInput): Credentials {
  const authorization = readHeader(headers, 'authorization');
  if (authorization === undefined || authorization === null) return { kind: 'missing' };
  // Several values, which only callers of `api` can give, leave open who calls.
  if (typeof authorization !== 'string') return { kind: 'malformed' };
  if (!SCHEME.test(authorization)) return { kind: 'missing' };
  const token = CREDENTIALS.exec(authorization)?.[1];
  return token === undefined ? { kind: 'malformed' } : { kind: 'token', token };
}
