import { AxiosHeaders } from 'axios';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import { BODY_ALREADY_READ, proxiedOf } from '../../call/proxied';
import type { ProxiedRequest } from '../../call/proxied';
import { normalizePath } from '../../call/proxied-path';
import { BuildFault } from '../../call/transport';
import type { CompiledTransport, CompileSite, Send, TransportRequest } from '../../call/transport';
import { GatewayCallError } from '../../errors/gateway-error';
import { createHeaderRecord, toHeaderValue } from '../../headers/header-record';
import type { HeaderRecord } from '../../headers/header-record';
import { toProxiedHeaders } from '../../headers/proxied-request-headers';
import type { ActionEndpoint, ProxyDefinition } from '../../schema/definitions';
import { pathOf } from '../../schema/endpoints';
import type { ProxyArgs } from '../../schema/proxy-definition';
import { VERSION } from '../../version';
import { flattenAxiosHeaders } from './axios-client';
import { axiosConfigOf } from './compile-request';
import type { ConnectionPool } from './connection-pool';
import { sendProxied } from './proxy-send';
import { toRestFailure } from './rest-error';
import type { UpstreamSlots } from './upstream-slots';
import { createEndpointParser, staysBelow } from './url';
import type { ParsedEndpoint } from './url';
import { toAxiosError } from './wire-error';

export interface ProxyParts {
  readonly config: ResolvedConfig;
  readonly pool: ConnectionPool;
  readonly slots: UpstreamSlots;
}

/** What of `axiosConfig` holds without axios. */
const UNDERSTOOD: ReadonlySet<string> = new Set(['headers', 'timeout']);

/** Sends proxied requests over the connections of REST. */
export function compileProxy(
  definition: ProxyDefinition,
  { config, pool, slots }: ProxyParts,
  site: CompileSite,
): CompiledTransport {
  const parseEndpoint = createEndpointParser();
  const dropped = new Set(definition.dropHeaders?.map((name) => name.toLowerCase()));
  const ofConfig = flattenAxiosHeaders(config.axiosConfig?.headers, '');
  if (site.endpoint !== undefined) checkEndpoint(site.endpoint, site);

  function open(request: TransportRequest): Promise<Send> {
    const { call, endpoint, authNames } = request;
    const proxied = proxiedOf(call) as ProxiedRequest;
    if (proxied.isBodyRead) throw createFailure(call, BODY_ALREADY_READ);
    const { method } = call.args as ProxyArgs;
    const base = readBase(endpoint);
    const path = readTarget(base, call);
    const headers = readHeaders(request, proxied);
    const { origin } = base;
    const { response } = call.trace;
    call.trace.request = {
      method,
      url: origin + path,
      endpoint: pathOf(endpoint),
      headers,
      authNames,
    };

    return Promise.resolve(async ({ ending }) => {
      const release = await slots.acquire(origin, ending);
      const answer = await sendProxied(pool, {
        origin,
        options: { method, path, headers },
        openBody: proxied.hasBody ? () => proxied.openBody() : undefined,
        ending,
        idleMs: request.timeoutMs,
        count: (bytes) => void (response.bytes += bytes),
        toError: (failure) => toError(failure) as Error,
      }).catch((error: unknown) => {
        release();
        throw error;
      });
      answer.once('close', release);
      const contentType = answer.head.headers['content-type'];
      response.status = answer.head.status;
      if (typeof contentType === 'string') response.contentType = contentType;
      return { data: answer, headers: answer.head.headers };
    });
  }

  function readBase(endpoint: ActionEndpoint): ParsedEndpoint {
    const base = parseEndpoint(pathOf(endpoint));
    if (base && base.url.search === '' && base.url.hash === '') return base;
    const message = 'The endpoint is not an http or https URL without a query';
    throw new GatewayCallError({ status: 500, code: 'INVALID_ENDPOINT', message });
  }

  function readHeaders({ call, headers, authNames }: TransportRequest, proxied: ProxiedRequest) {
    const { upstreamHeaders = {}, client } = call;
    const { protocol, httpVersion } = proxied;
    const reserved = new Set([...dropped, ...authNames]);
    for (const name of Object.keys(upstreamHeaders)) reserved.add(name.toLowerCase());
    // Some of the client's are among the gateway's own: those that REST actions pass on, too.
    const isCopy = (name: string) =>
      dropped.has(name) && !authNames.has(name) && headers[name] === call.headers[name];
    const own = Object.entries(headers).filter(([name]) => !isCopy(name));
    const made = toProxiedHeaders({
      own: Object.fromEntries(own),
      reserved,
      incoming: call.headers,
      client: { protocol, httpVersion, address: client?.peerAddress },
      forwarded: config.forwardedHeaders ?? 'pass',
    });
    const length = toHeaderValue(call.headers['content-length']);
    if (proxied.hasBody && length !== undefined) made['content-length'] = length;
    return made;
  }

  return {
    open,
    defaultHeaders: (_call, endpoint) => defaultHeaders(parseEndpoint(pathOf(endpoint))),
    configuredHeaders(endpoint) {
      return { ...ofConfig, ...flattenAxiosHeaders(axiosConfigOf(endpoint).headers, '') };
    },
    timeoutMs(endpoint) {
      return axiosConfigOf(endpoint).timeout ?? config.axiosConfig?.timeout ?? config.timeout;
    },
    upstreamOf: (endpoint) => parseEndpoint(pathOf(endpoint))?.origin ?? pathOf(endpoint),
    isRetryable: () => Promise.resolve(false),
    retryAfterMs: () => undefined,
    toCallError: (error, call) => Promise.resolve(toRestFailure(toError(error), call)),
  };
}

function toError(error: unknown): unknown {
  return toAxiosError(error, () => ({ headers: new AxiosHeaders() }));
}

/** Path and query as they are sent: below the endpoint, compared as WHATWG URLs. */
function readTarget({ url, pathname }: ParsedEndpoint, call: Call): string {
  const { path, query } = call.args as ProxyArgs;
  const below = typeof path === 'string' ? normalizePath(path) : undefined;
  const joined = new URL(url);
  joined.pathname = pathname.replace(/\/+$/, '') + (below ?? '');
  const isQuery = typeof query === 'string' && /^[\x21\x22\x24-\xff]*$/.test(query);
  if (below !== undefined && isQuery && staysBelow(url, joined)) {
    return joined.pathname + (query === '' ? '' : `?${query}`);
  }
  throw createFailure(call, { status: 400, code: 'INVALID_PROXY_PATH', text: 'invalidProxyPath' });
}

/** What goes upstream of the gateway's own accord; all else is the client's. */
function defaultHeaders(endpoint: ParsedEndpoint | undefined): HeaderRecord {
  const headers = createHeaderRecord();
  if (!endpoint) return headers;
  headers['host'] = endpoint.host;
  headers['x-gateway-version'] = VERSION;
  if (!endpoint.hasUserinfo) return headers;
  const { username, password } = endpoint.url;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  return headers;
}

function checkEndpoint(endpoint: ActionEndpoint, { warn }: CompileSite): void {
  if (/[?#]/.test(pathOf(endpoint))) {
    throw new BuildFault('INVALID_ENDPOINT', 'the endpoint of a proxy has a query or fragment');
  }
  const ignored = Object.keys(axiosConfigOf(endpoint)).filter((name) => !UNDERSTOOD.has(name));
  if (ignored.length > 0) {
    warn(`axiosConfig.${ignored.join(', axiosConfig.')} of its endpoint means nothing to a proxy`);
  }
}
