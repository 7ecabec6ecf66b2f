import axios, { AxiosHeaders } from 'axios';
import type { AxiosInstance, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import type { ResolvedConfig } from '../../config/resolve-config';
import { createHeaderRecord, InvalidHeaderError, mergeHeaders } from '../../headers/header-record';
import type { KeepAliveAgents } from './keep-alive-agent';

/** What interceptors have assigned: axios would cut illegal characters out of it, and send the rest (RELIABILITY H1). */
function refuseIllegalHeaders(request: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  mergeHeaders(createHeaderRecord(), { ...request.headers }, (name) => {
    throw new InvalidHeaderError(name, 'axiosInterceptors');
  });
  return request;
}

/** The adapter list that axios comes with; anything else was set by the user, or by a mock. */
const STOCK_ADAPTERS = 'xhr,http,fetch';

/** One axios for a gateway: the user's options over ours, the user's interceptors in place. */
export function createAxiosClient(config: ResolvedConfig, agents: KeepAliveAgents): AxiosInstance {
  const { headers, timeout, ...options } = config.axiosConfig ?? {};
  const client = axios.create({
    httpAgent: agents.httpAgent,
    httpsAgent: agents.httpsAgent,
    ...(!config.proxyFromEnv && { proxy: false }),
    ...options,
  });
  // axios runs the one that was added first last: it sees what the user's leave.
  if (config.axiosInterceptors?.request) client.interceptors.request.use(refuseIllegalHeaders);
  for (const { callback, errorCallback } of config.axiosInterceptors?.request ?? []) {
    client.interceptors.request.use(callback, errorCallback);
  }
  for (const { callback, errorCallback } of config.axiosInterceptors?.response ?? []) {
    client.interceptors.response.use(callback, errorCallback);
  }
  return client;
}

/** The adapter that the user has chosen: in the options, or, as mocks do, as the default of axios itself. */
export function findUserAdapter(...options: AxiosRequestConfig[]): AxiosRequestConfig['adapter'] {
  const chosen = options.map(({ adapter }) => adapter).find((adapter) => adapter !== undefined);
  if (chosen !== undefined) return chosen;
  const { adapter } = axios.defaults;
  return String(adapter) === STOCK_ADAPTERS ? undefined : adapter;
}

/** `axiosConfig.headers` as one list: those for every method, those for this one, plain ones. */
export function flattenAxiosHeaders(
  headers: AxiosRequestConfig['headers'],
  method: string,
): Record<string, unknown> | undefined {
  if (headers === undefined) return undefined;
  const given: Record<string, unknown> =
    headers instanceof AxiosHeaders ? headers.toJSON() : { ...headers };
  const flat: Record<string, unknown> = {};
  for (const group of ['common', method.toLowerCase()]) {
    const values = given[group];
    if (typeof values === 'object' && values !== null) Object.assign(flat, values);
  }
  const plain = Object.entries(given).filter(
    ([, value]) => typeof value !== 'object' || Array.isArray(value),
  );
  return Object.assign(flat, Object.fromEntries(plain));
}
