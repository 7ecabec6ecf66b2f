import type { AxiosRequestConfig } from 'axios';

type BeforeRedirect = NonNullable<AxiosRequestConfig['beforeRedirect']>;

/** What may follow a redirect to another origin: nothing that was configured, nothing of auth. */
const KEPT_ACROSS_ORIGINS = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'user-agent',
  'x-request-id',
  'x-gateway-version',
  'x-request-timeout',
]);

/** Leaves what may go to any origin. */
export function dropForeignHeaders(headers: Record<string, unknown>): void {
  for (const name of Object.keys(headers)) {
    if (!KEPT_ACROSS_ORIGINS.has(name.toLowerCase())) delete headers[name];
  }
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/**
 * Drops headers on the way to another origin (RELIABILITY U5), then asks the user's own hook. The
 * scheme needs no check: the client follows http and https only. Where a request went is remembered
 * here, because the client puts a configured Host header in place of the host that it went to.
 */
export function createBeforeRedirect(
  url: string,
  userHook: BeforeRedirect | undefined,
): BeforeRedirect {
  let origin = originOf(url);
  return function beforeRedirect(options, response, request) {
    const next = originOf(String(options['href']));
    const isSameOrigin = next === origin;
    origin = next;
    if (!isSameOrigin) dropForeignHeaders(options['headers'] as Record<string, unknown>);
    if (!isSameOrigin) delete options['auth'];
    userHook?.(options, response, request);
  };
}
