import type { ActionEndpoint, EndpointsConfig, ServiceEndpoints } from './definitions';

/** Where a gateway runs; chooses among the endpoints of services that have an installation map. */
export interface Place {
  readonly installation: string | undefined;
  readonly env: string | undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isExtendedEndpoint(value: unknown): value is Exclude<ActionEndpoint, string> {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && typeof (value as { path?: unknown }).path === 'string';
}

/** The URL or address of an endpoint in either form. */
export function pathOf(endpoint: ActionEndpoint): string {
  return typeof endpoint === 'string' ? endpoint : endpoint.path;
}

/** A string, or an object whose `path` is a string: the endpoint `endpoint` everywhere. */
export function isSingleEndpoint(endpoints: ServiceEndpoints): endpoints is ActionEndpoint {
  return typeof endpoints === 'string' || isExtendedEndpoint(endpoints);
}

/** Whether choosing needs to know installation and env. */
export function hasInstallationMap(endpoints: ServiceEndpoints | undefined): boolean {
  return endpoints !== undefined && !isSingleEndpoint(endpoints);
}

function ownMember<T>(record: Readonly<Record<string, T>> | undefined, key: string | undefined) {
  return record && key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The endpoints of a service at one place: a copy without prototype, empty where there are none. */
export function resolveEndpoints(
  endpoints: ServiceEndpoints | undefined,
  place: Place,
): Record<string, ActionEndpoint> {
  const resolved = Object.create(null) as Record<string, ActionEndpoint>;
  if (endpoints === undefined) return resolved;
  if (isSingleEndpoint(endpoints)) return Object.assign(resolved, { endpoint: endpoints });
  const installation = ownMember(endpoints, place.installation);
  const here: EndpointsConfig | undefined = ownMember(installation, place.env);
  return Object.assign(resolved, here);
}
