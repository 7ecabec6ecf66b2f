import type { HeadersInput } from './header-record';

const REDACTED = '[REDACTED]';
const SENSITIVE = /^(authorization|cookie|set-cookie|proxy-.*|.*-(token|ticket|key))$/;

/** Members of bodies and queries that carry credentials. */
const SECRET_KEY =
  /pass(word|phrase)?|pwd|secret|token|ticket|authorization|cookie|credential|signature|(api|access|private)[-_]?key/i;

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
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}

/** `key=value&...` without the values of secret keys. */
export function hideSecretsInPairs(text: string): string {
  return text.replace(/((?:^|[?&])([^=&]*)=)[^&]*/g, (whole, start: string, key: string) =>
    SECRET_KEY.test(key) ? start + REDACTED : whole,
  );
}

/** A JSON or form text without the values of secret keys, however deep, in texts within it too. */
export function hideSecretsInText(text: string): string {
  if (!SECRET_KEY.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
      if (SECRET_KEY.test(key)) return REDACTED;
      return typeof value === 'string' ? hideSecretsInText(value) : value;
    });
  } catch {
    return hideSecretsInPairs(text);
  }
}
