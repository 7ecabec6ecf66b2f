import type { ActionEndpoint, SchemasByScope } from './definitions';
import { isExtendedEndpoint, isRecord } from './endpoints';
import { keyOf } from './walk';

/** Endpoints to replace, by scope, service and endpoint name. */
export type EndpointOverrides = ReadonlyMap<string, Readonly<Record<string, ActionEndpoint>>>;

function parse(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed)) throw new TypeError('expected an object of services');
    return parsed;
  } catch (error) {
    // The text of this warning is part of the contract; scripts look for it.
    console.warn('Error when parse GATEWAY_ENDPOINTS_OVERRIDES', error);
    return {};
  }
}

/** `service` means the root scope; both parts of `scope.service` may themselves contain dots. */
function findService(schemas: SchemasByScope, name: string): [string, string] | undefined {
  if (Object.hasOwn(schemas, 'root') && Object.hasOwn(schemas['root'] ?? {}, name)) {
    return ['root', name];
  }
  for (const [scope, schema] of Object.entries(schemas)) {
    const service = name.startsWith(`${scope}.`) ? name.slice(scope.length + 1) : undefined;
    if (service !== undefined && Object.hasOwn(schema, service)) return [scope, service];
  }
  return undefined;
}

/** Reads `GATEWAY_ENDPOINTS_OVERRIDES`. An unknown service is skipped; `unknown` collects it. */
export function parseEndpointOverrides(
  text: string | undefined,
  schemas: SchemasByScope,
  unknown: string[],
): EndpointOverrides {
  const overrides = new Map<string, Record<string, ActionEndpoint>>();
  for (const [name, endpoints] of Object.entries(parse(text))) {
    const found = findService(schemas, name);
    if (!found || !isRecord(endpoints)) {
      unknown.push(`service ${JSON.stringify(name)}`);
      continue;
    }
    const key = keyOf(...found);
    const all = Object.create(null) as Record<string, ActionEndpoint>;
    overrides.set(key, Object.assign(all, overrides.get(key), endpoints));
  }
  return overrides;
}

/**
 * The endpoints of one service after overrides: a string replaces the path of an extended endpoint,
 * an object is merged into one or replaces a string. A new name is added, and told to `unknown`.
 */
export function overrideEndpoints(
  endpoints: Record<string, ActionEndpoint>,
  overrides: EndpointOverrides,
  [scope, service]: readonly [string, string],
  unknown: string[],
): void {
  for (const [name, override] of Object.entries(overrides.get(keyOf(scope, service)) ?? {})) {
    const where = `endpoint ${JSON.stringify(name)} of service ${JSON.stringify(service)}`;
    const current = endpoints[name];
    const replaced = replaceEndpoint(current, override);
    if (replaced === undefined)
      unknown.push(`${where} (neither a string nor an object with a path)`);
    else endpoints[name] = replaced;
    if (current === undefined && replaced !== undefined) unknown.push(where);
  }
}

function replaceEndpoint(current: ActionEndpoint | undefined, override: unknown) {
  const isExtended = isExtendedEndpoint(current);
  if (typeof override === 'string') return isExtended ? { ...current, path: override } : override;
  if (!isRecord(override)) return undefined;
  const replaced = isExtended ? { ...current, ...override } : override;
  return isExtendedEndpoint(replaced) ? replaced : undefined;
}

/** One warning per gateway names everything that the variable says in vain or anew. */
export function warnOfUnknown(unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  console.warn(
    `GATEWAY_ENDPOINTS_OVERRIDES names what the schemas do not have: ${unknown.join(', ')}`,
  );
}
