import type { ApiServiceBaseActionConfig, Untyped } from './definitions';

/** The args of a call of a proxy: what interceptors see, and may replace. */
export interface ProxyArgs {
  readonly method: string;
  /** Below the endpoint, as it is sent: checked, dot segments resolved. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
}

/**
 * Requests that are passed on as they are, whatever their method, path and body, by a handler of their
 * own: `gateway.proxyHandler(scope, service, action)` (docs/proxy.md).
 */
export interface ApiServiceProxyActionConfig extends Pick<
  ApiServiceBaseActionConfig<Untyped, Untyped, ProxyArgs>,
  'endpoint' | 'proxyHeaders' | 'getAuthHeaders' | 'validationSchema' | 'metadata' | 'interceptors'
> {
  kind: 'proxy';
  /** What is taken off the front of the path, such as `/files`, in any letter case. Default: nothing. */
  pathPrefix?: string;
  /** Milliseconds until the head of the answer, upload included, and then without data. Default: the config's. */
  timeout?: number;
  /** Names of client headers that do not go upstream. Default: none. */
  dropHeaders?: readonly string[];
}
