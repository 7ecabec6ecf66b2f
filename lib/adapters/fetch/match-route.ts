/** The names in a path, decoded. */
export interface Route {
  readonly scope?: string;
  readonly service: string;
  readonly action: string;
}

/** `<prefix>/:scope/:service/:action`, or without the scope; undefined for any other path. */
export function matchRoute(pathname: string, prefix: string): Route | undefined {
  const base = prefix.replace(/\/+$/, '');
  if (!pathname.startsWith(`${base}/`)) return undefined;
  const names = decodeAll(pathname.slice(base.length + 1).replace(/\/$/, ''));
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
