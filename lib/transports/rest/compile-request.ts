import type { AxiosRequestConfig } from 'axios';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { Attempt, TransportRequest } from '../../call/transport';
import type { HeaderRecord } from '../../headers/header-record';
import type {
  ActionEndpoint,
  ExtendedRestActionEndpoint,
  RestDefinition,
} from '../../schema/definitions';
import { findUserAdapter } from './axios-client';
import { ACCEPT_ENCODING } from './content-decoding';
import { keepAllNames } from './keep-all-names';
import { keepJsonBytes, parseResponse } from './parse-response';
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
  catchUp: () => Promise<void>,
): ToAxiosRequest {
  const { limits, axiosConfig = {} } = config;
  const { method, paramsSerializer, responseType } = definition;
  const followsByDefault = /^(get|head)$/i.test(method);
  const canKeepBytes =
    definition.transformResponseData === undefined &&
    (responseType === undefined || responseType === 'json') &&
    !config.axiosInterceptors?.response?.length;

  function chooseTransform(own: AxiosRequestConfig, request: TransportRequest) {
    const given = own.transformResponse ?? axiosConfig.transformResponse;
    if (given) return given;
    return canKeepBytes && request.call.acceptsBytes ? keepJsonBytes : parseResponse;
  }

  /** A negative number is axios's way to say that there is no limit. */
  function toMaxBytes(maxContentLength: number = limits.responseBytes): number {
    return maxContentLength < 0 ? Infinity : maxContentLength;
  }

  function chooseAdapter(own: AxiosRequestConfig, request: TransportRequest) {
    const chosen = findUserAdapter(own, axiosConfig);
    if (chosen) return chosen;
    const { response } = request.call.trace;
    return createWireAdapter({
      limits: {
        maxBytes: toMaxBytes(own.maxContentLength ?? axiosConfig.maxContentLength),
        maxCodings: limits.encodings,
      },
      idleMs: request.timeoutMs,
      count: (bytes) => void (response.bytes += bytes),
      catchUp,
    });
  }

  return function toAxiosRequest(url, request, attempt) {
    const { headers, ...own } = axiosConfigOf(request.endpoint);
    const redirects = own.maxRedirects ?? axiosConfig.maxRedirects;
    const maxRedirects =
      definition.maxRedirects ?? redirects ?? (followsByDefault ? limits.redirects : 0);
    return {
      ...own,
      method,
      url,
      params: keepAllNames(request.params.query),
      data: keepAllNames(request.params.body),
      headers: readAttemptHeaders(request, attempt),
      timeout: Number.isFinite(attempt.timeoutMs) ? Math.ceil(attempt.timeoutMs) : 0,
      signal: attempt.signal,
      maxRedirects,
      beforeRedirect: createBeforeRedirect(url, own.beforeRedirect ?? axiosConfig.beforeRedirect),
      transformResponse: chooseTransform(own, request),
      ...(responseType !== undefined && { responseType }),
      ...(paramsSerializer !== undefined && { paramsSerializer }),
      adapter: chooseAdapter(own, request),
    };
  };
}

/** Step 8 of the header order. Where `params` asks for no coding, only those that can be undone. */
function readAttemptHeaders(
  { headers }: TransportRequest,
  { number, timeoutMs }: Attempt,
): HeaderRecord {
  return {
    'accept-encoding': ACCEPT_ENCODING,
    ...headers,
    ...(Number.isFinite(timeoutMs) && { 'x-request-timeout': String(Math.ceil(timeoutMs)) }),
    ...(number > 0 && { 'x-request-attempt': String(number) }),
  };
}
