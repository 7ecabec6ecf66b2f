import axios from 'axios';
import type { AxiosRequestConfig } from 'axios';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { TransportRequest } from '../../call/transport';
import type { ActionEndpoint, RestDefinition } from '../../schema/definitions';
import { findUserAdapter } from './axios-client';
import { axiosConfigOf } from './compile-request';

/** Options of axios that are understood without it. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  'timeout',
  'headers',
  'maxContentLength',
  'maxRedirects',
]);
/** Headers that decide about framing or the connection: what they mean is left to axios and Node. */
const OF_CONNECTION = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
];
const OPTIONS_OF_REQUESTS = ['baseURL', 'params', 'auth', 'proxy', 'httpAgent', 'httpsAgent'];
const STOCK_HEADERS: ReadonlySet<string> = new Set(['Accept', 'Content-Type']);

/**
 * Whether the gateway may send requests of an action by itself, or axios is needed: for interceptors,
 * adapters and mocks, streams, proxies, agents and every option that is not understood here.
 */
export function compileIsLean(
  definition: RestDefinition,
  { config, mayBeLean }: { readonly config: ResolvedConfig; readonly mayBeLean: boolean },
) {
  const { axiosConfig } = config;
  const { responseType, method, maxRedirects } = definition;
  const follows = /^(get|head)$/i.test(method);
  const isStatic =
    mayBeLean &&
    responseType !== 'stream' &&
    (follows || !maxRedirects) &&
    isUnderstood(axiosConfig, follows);
  const endpoints = new WeakMap<object, boolean>();

  function admits(endpoint: ActionEndpoint): boolean {
    if (typeof endpoint === 'string') return true;
    const known = endpoints.get(endpoint) ?? isUnderstood(axiosConfigOf(endpoint), follows);
    endpoints.set(endpoint, known);
    return known;
  }

  return function isLean({ endpoint, headers, params }: TransportRequest): boolean {
    return (
      isStatic &&
      admits(endpoint) &&
      isSimpleBody(params.body, headers['content-type'], follows) &&
      !OF_CONNECTION.some((name) => name in headers) &&
      // A mock may be put in place at any time.
      findUserAdapter() === undefined
    );
  };
}

/** Whether the config leaves any action of a gateway to its own sending. */
export function admitsLean({ axiosInterceptors = {}, proxyFromEnv }: ResolvedConfig): boolean {
  const { request = [], response = [] } = axiosInterceptors;
  return !proxyFromEnv && request.length + response.length === 0 && hasStockDefaults();
}

function isUnderstood(given: AxiosRequestConfig | undefined, follows: boolean): boolean {
  return (
    Object.keys(given ?? {}).every((name) => UNDERSTOOD.has(name)) &&
    (follows || !given?.maxRedirects)
  );
}

/** Defaults that a program has set on axios itself are axios's to apply. */
function hasStockDefaults(): boolean {
  const { headers, ...defaults } = axios.defaults as { headers: { common: object } };
  const set = new Set(Object.keys(defaults));
  return (
    Object.keys(headers.common).every((name) => STOCK_HEADERS.has(name)) &&
    OPTIONS_OF_REQUESTS.every((name) => !set.has(name))
  );
}

/** Nothing, or an object that is sent as JSON. */
function isSimpleBody(body: unknown, contentType: unknown, follows: boolean): boolean {
  if (body === undefined || body === null) return true;
  if (follows || (contentType !== undefined && contentType !== 'application/json')) return false;
  if (typeof body !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(body);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
