import type { HeadersInput } from './header-record';

const REDACTED = '[REDACTED]';
const SENSITIVE = /^(authorization|cookie|set-cookie|proxy-.*|.*-(token|ticket|key))$/;

/** Names that carry credentials (RELIABILITY X2). */
export function isSensitiveHeader(name: string): boolean {
  return SENSITIVE.test(name.toLowerCase());
}

/** A copy without credentials. `authNames` are those that auth hooks have set. */
export function redactHeaders(
  headers: HeadersInput,
  authNames?: ReadonlySet<string>,
): Record<string, unknown> {
  const redacted: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(headers)) {
    const isSecret = isSensitiveHeader(name) || authNames?.has(name.toLowerCase());
    redacted[name] = isSecret ? REDACTED : value;
  }
  return redacted;
}

/** Scheme, host and path of a URL: no userinfo, no query, no fragment (RELIABILITY X1). */
export function redactUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}
