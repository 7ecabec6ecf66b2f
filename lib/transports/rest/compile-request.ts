import type { AxiosRequestConfig } from 'axios';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { Attempt, TransportRequest } from '../../call/transport';
import type { HeaderRecord } from '../../headers/header-record';
import type {
  ActionEndpoint,
  ExtendedRestActionEndpoint,
  RestDefinition,
} from '../../schema/definitions';
import { asSync } from './assert-sync';
import { findUserAdapter } from './axios-client';
import { ACCEPT_ENCODING } from './content-decoding';
import { keepAllNames } from './keep-all-names';
import type { ChooseTransform } from './parse-response';
import { createBeforeRedirect } from './redirects';
import { createWireAdapter } from './wire-adapter';

/** Makes axios's request config for one attempt. Args reach nothing of it but URL, query and body. */
export type ToAxiosRequest = (
  url: string,
  request: TransportRequest,
  attempt: Attempt,
) => AxiosRequestConfig & { headers: HeaderRecord };

export function axiosConfigOf(endpoint: ActionEndpoint): AxiosRequestConfig {
  return (
    (typeof endpoint === 'object' && (endpoint as ExtendedRestActionEndpoint).axiosConfig) || {}
  );
}

export function compileToAxiosRequest(
  definition: RestDefinition,
  config: ResolvedConfig,
  { catchUp, chooseTransform }: { catchUp: () => Promise<void>; chooseTransform: ChooseTransform },
): ToAxiosRequest {
  const { limits, axiosConfig = {} } = config;
  const { method, responseType } = definition;
  const paramsSerializer = asSync(definition.paramsSerializer);
  const maxBytesOf = compileMaxBytes(config);
  const maxRedirectsOf = compileMaxRedirects(definition, config);

  function chooseAdapter(own: AxiosRequestConfig, request: TransportRequest) {
    const chosen = findUserAdapter(own, axiosConfig);
    if (chosen) return chosen;
    const { response } = request.call.trace;
    return createWireAdapter({
      limits: {
        maxBytes: maxBytesOf(request.endpoint),
        maxCodings: limits.encodings,
      },
      idleMs: request.timeoutMs,
      count: (bytes) => void (response.bytes += bytes),
      catchUp,
    });
  }

  return function toAxiosRequest(url, request, attempt) {
    const { headers, ...own } = axiosConfigOf(request.endpoint);
    return {
      ...own,
      method,
      url,
      params: keepAllNames(request.params.query),
      data: keepAllNames(request.params.body),
      headers: readAttemptHeaders(request, attempt),
      timeout: Number.isFinite(attempt.timeoutMs) ? Math.ceil(attempt.timeoutMs) : 0,
      signal: attempt.signal,
      maxRedirects: maxRedirectsOf(request.endpoint),
      beforeRedirect: createBeforeRedirect(url, own.beforeRedirect ?? axiosConfig.beforeRedirect),
      transformResponse:
        own.transformResponse ?? axiosConfig.transformResponse ?? chooseTransform(request.call),
      ...(responseType !== undefined && { responseType }),
      ...(paramsSerializer !== undefined && { paramsSerializer }),
      adapter: chooseAdapter(own, request),
    };
  };
}

/** Bytes of a decoded body. A negative number is axios's way to say that there is no limit. */
export function compileMaxBytes({ limits, axiosConfig = {} }: ResolvedConfig) {
  return (endpoint: ActionEndpoint): number => {
    const own = axiosConfigOf(endpoint).maxContentLength ?? axiosConfig.maxContentLength;
    const maxBytes = own ?? limits.responseBytes;
    return maxBytes < 0 ? Infinity : maxBytes;
  };
}

/** Redirects that are followed: none for methods other than GET and HEAD unless they are asked for. */
export function compileMaxRedirects(
  definition: RestDefinition,
  { limits, axiosConfig = {} }: ResolvedConfig,
) {
  const byDefault = /^(get|head)$/i.test(definition.method) ? limits.redirects : 0;
  return (endpoint: ActionEndpoint): number =>
    definition.maxRedirects ??
    axiosConfigOf(endpoint).maxRedirects ??
    axiosConfig.maxRedirects ??
    byDefault;
}

/** Step 8 of the header order. Where `params` asks for no coding, only those that can be undone. */
export function readAttemptHeaders(
  { headers }: TransportRequest,
  { number, timeoutMs }: Attempt,
): HeaderRecord {
  const sent: HeaderRecord = { 'accept-encoding': ACCEPT_ENCODING, ...headers };
  if (Number.isFinite(timeoutMs)) sent['x-request-timeout'] = String(Math.ceil(timeoutMs));
  if (number > 0) sent['x-request-attempt'] = String(number);
  return sent;
}
