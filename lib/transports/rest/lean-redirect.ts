import type { InternalAxiosRequestConfig } from 'axios';
import { dropForeignHeaders } from './redirects';
import { parseHttpUrl } from './url';

/** Where an answer sends the client on to. */
export interface Redirect {
  /** What axios is told, which goes on from there. */
  toConfig(config: InternalAxiosRequestConfig, maxRedirects: number): InternalAxiosRequestConfig;
}

/** A redirect of GET or HEAD to another http(s) URL (RELIABILITY U5). */
export function findRedirect(
  status: number,
  location: unknown,
  from: string,
): Redirect | undefined {
  if (status < 300 || status > 399 || status === 304 || typeof location !== 'string')
    return undefined;
  const origin = new URL(from);
  const target = URL.canParse(location, from) ? new URL(location, from).href : '';
  const next = parseHttpUrl(target);
  return next && { toConfig: (config, left) => toConfig(config, next, { from: origin, left }) };
}

function toConfig(
  { params: _sent, ...config }: InternalAxiosRequestConfig,
  next: URL,
  { from, left }: { readonly from: URL; readonly left: number },
): InternalAxiosRequestConfig {
  const { headers } = config;
  // The Host of the place that is left.
  headers.delete('host');
  if (next.origin !== from.origin) dropForeignHeaders(headers);
  return { ...config, url: next.href, maxRedirects: left - 1 };
}
