import { GatewayCallError } from '../errors/gateway-error';

/** What a path that names no action is answered with, on hosts that have no routes of their own. */
export const UNKNOWN_PATH = new GatewayCallError({
  status: 404,
  code: 'UNKNOWN_SERVICE',
  message: 'Unknown service',
});

/** The names in a path, decoded. */
export interface Route {
  readonly scope?: string;
  readonly service: string;
  readonly action: string;
}

function baseOf(prefix: string): string {
  return prefix.replace(/\/+$/, '');
}

export function isBelowPrefix(pathname: string, prefix: string): boolean {
  return pathname.startsWith(`${baseOf(prefix)}/`);
}

/** `<prefix>/:scope/:service/:action`, or without the scope; undefined for any other path. */
export function matchRoute(pathname: string, prefix: string): Route | undefined {
  if (!isBelowPrefix(pathname, prefix)) return undefined;
  const names = decodeAll(pathname.slice(baseOf(prefix).length + 1).replace(/\/$/, ''));
  if (!names || names.length < 2 || names.length > 3 || names.includes('')) return undefined;
  const [action = '', service = '', scope] = names.reverse();
  return { service, action, ...(scope !== undefined && { scope }) };
}

function decodeAll(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
