import type { IncomingHttpHeaders } from 'node:http';
import { mergeHeaders, InvalidHeaderError, readHeader, toHeaderValue } from './header-record';
import type { HeaderRecord, HeadersInput } from './header-record';
import { isForwardable, keepForwardable, readConnectionNames } from './not-forwarded';

export type ActionType = 'rest' | 'grpc';

/** Which action a proxyHeaders function works for. */
export interface ProxyHeadersFunctionExtra {
  service: string;
  action: string;
  protopath?: string;
  protokey?: string;
}

export type ProxyHeadersFunction = (
  headers: IncomingHttpHeaders,
  type: ActionType,
  extra: ProxyHeadersFunctionExtra,
) => HeadersInput | undefined | Promise<HeadersInput | undefined>;

/** Names of request headers to pass on, or a function that makes the headers. */
export type ProxyHeaders = readonly string[] | ProxyHeadersFunction;

export type ForwardedHeaders = 'pass' | 'drop' | 'append';

/** What the layers of `proxyHeaders` come to, prepared once per action. */
export interface ProxyHeadersPlan {
  /** Config's, then the action's. */
  functions: readonly ProxyHeadersFunction[];
  /** Lower-cased names beside the name as it was given. */
  names: readonly { readonly name: string; readonly given: string }[];
  forwarded: ForwardedHeaders;
}

/** Passed on without being asked for, where nothing has set them (CONTRACT 4.4). */
const ALWAYS_PASSED = ['origin', 'user-agent', 'referer', 'x-real-ip', 'x-forwarded-for'];
const CLIENT_ADDRESS: ReadonlySet<string> = new Set(['x-real-ip', 'x-forwarded-for']);

export function compileProxyHeaders(
  layers: readonly (ProxyHeaders | undefined)[],
  forwarded: ForwardedHeaders,
): ProxyHeadersPlan {
  const functions: ProxyHeadersFunction[] = [];
  const names = [...ALWAYS_PASSED];
  for (const layer of layers) {
    if (typeof layer === 'function') functions.push(layer);
    else if (layer) names.push(...layer);
  }
  const unique = new Map(names.map((given) => [given.toLowerCase(), given]));
  if (forwarded === 'drop') CLIENT_ADDRESS.forEach((name) => unique.delete(name));
  return {
    functions,
    forwarded,
    names: [...unique]
      .map(([name, given]) => ({ name, given }))
      .filter((e) => isForwardable(e.name)),
  };
}

/** What hooks that run later may not copy: the client's own word was dropped, or was added to. */
export function notCopiedLater(forwarded: ForwardedHeaders): ReadonlySet<string> | undefined {
  return forwarded === 'pass' ? undefined : CLIENT_ADDRESS;
}

/** Merges what one proxyHeaders function returned; a copy of the request's headers is safe. */
export function mergeProxied(
  target: HeaderRecord,
  returned: HeadersInput | undefined,
  incoming: HeadersInput,
  forwarded: ForwardedHeaders,
): void {
  if (!returned) return;
  const dropped = forwarded === 'drop' ? CLIENT_ADDRESS : undefined;
  mergeHeaders(target, keepForwardable(returned, incoming, dropped), (name, value) => {
    // An illegal value that the client sent is dropped; one from configuration fails the call.
    if (!Object.values(incoming).includes(value))
      throw new InvalidHeaderError(name, 'proxyHeaders');
  });
}

/**
 * Passes request headers on by name, only where nothing has set them. With `forwardedHeaders:
 * 'append'`, the address that the client connected from is added to X-Forwarded-For.
 */
export function passByName(
  target: HeaderRecord,
  plan: ProxyHeadersPlan,
  incoming: HeadersInput,
  clientAddress?: string,
): void {
  const connectionNames = readConnectionNames(incoming);
  for (const { name, given } of plan.names) {
    if (target[name] !== undefined || connectionNames?.has(name)) continue;
    const value = toHeaderValue(incoming[given] ?? readHeader(incoming, name));
    if (value !== undefined) target[name] = value;
  }
  if (plan.forwarded !== 'append' || clientAddress === undefined) return;
  const before = target['x-forwarded-for'];
  target['x-forwarded-for'] =
    before === undefined ? clientAddress : `${String(before)}, ${clientAddress}`;
}
