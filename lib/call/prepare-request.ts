import { randomUUID } from 'node:crypto';
import type { ResolvedConfig } from '../config/resolve-config';
import {
  createHeaderRecord,
  InvalidHeaderError,
  mergeHeaders,
  readHeader,
  toHeaderValue,
} from '../headers/header-record';
import type { HeaderRecord, HeadersInput } from '../headers/header-record';
import { isFraming, keepForwardable } from '../headers/not-forwarded';
import {
  compileProxyHeaders,
  mergeProxied,
  notCopiedLater,
  passByName,
} from '../headers/proxy-headers';
import type { ProxyHeadersFunctionExtra, ProxyHeadersPlan } from '../headers/proxy-headers';
import type {
  ActionEndpoint,
  ApiServiceBaseActionConfig,
  EndpointsConfig,
  GetAuthHeaders,
  ParamsOutput,
} from '../schema/definitions';
import type { ActionSource } from '../schema/walk';
import type { Call } from './call';
import { createFailure, runHook } from './failure';
import { createLogFailure } from './log-failure';
import type { LogFailure } from './log-failure';
import type { CompiledTransport, Transport, TransportRequest } from './transport';

/** What prepare-request needs of an action, computed once. */
export interface RequestPlan {
  readonly source: ActionSource<ApiServiceBaseActionConfig>;
  readonly kind: 'rest' | 'grpc';
  readonly endpoints: EndpointsConfig;
  readonly endpointNames: readonly string[];
  /** Which endpoint is not there, where none is found. */
  readonly missingEndpoint: string;
  readonly compiled: CompiledTransport;
  readonly proxyHeaders: ProxyHeadersPlan;
  readonly proxyExtra: ProxyHeadersFunctionExtra;
  readonly getAuthHeaders: GetAuthHeaders | undefined;
  readonly logFailure: LogFailure;
}

export function compileRequestPlan(
  source: ActionSource<ApiServiceBaseActionConfig>,
  transport: Pick<Transport, 'kind' | 'endpointNames'>,
  compiled: CompiledTransport,
  endpoints: EndpointsConfig,
  config: ResolvedConfig,
): RequestPlan {
  const { definition, serviceDefinition, serviceName, name } = source;
  const { protoPath, protoKey } = definition as { protoPath?: string; protoKey?: string };
  return {
    source,
    kind: transport.kind,
    endpoints,
    endpointNames: transport.endpointNames,
    missingEndpoint: describeMissing(source, transport.endpointNames, config),
    compiled,
    proxyHeaders: compileProxyHeaders(
      [config.proxyHeaders, definition.proxyHeaders],
      config.forwardedHeaders ?? 'pass',
    ),
    proxyExtra: {
      service: serviceName,
      action: name,
      ...(protoPath !== undefined && { protopath: protoPath }),
      ...(protoKey !== undefined && { protokey: protoKey }),
    },
    getAuthHeaders:
      definition.getAuthHeaders ?? serviceDefinition.getAuthHeaders ?? config.getAuthHeaders,
    logFailure: createLogFailure(config),
  };
}

function describeMissing(
  { service, definition: { endpoint } }: ActionSource<ApiServiceBaseActionConfig>,
  endpointNames: readonly string[],
  { installation, env }: ResolvedConfig,
): string {
  const names = typeof endpoint === 'string' ? [endpoint] : endpointNames;
  const wanted = names.map((name) => JSON.stringify(name)).join(' or ');
  const what =
    typeof endpoint === 'function' ? 'its endpoint function chose none' : `no endpoint ${wanted}`;
  const place = installation && env ? ` in installation ${installation}, env ${env}` : '';
  return `Service ${service}: ${what}${place}`;
}

/** Step 4: endpoint, merged headers, auth, `params`, timeout, in this order. Nothing is sent yet. */
export async function prepareRequest(plan: RequestPlan, call: Call): Promise<TransportRequest> {
  const endpoint = await chooseEndpoint(plan, call);
  const headers = await readBeneath(plan, call, endpoint);
  const beneath = Object.assign(createHeaderRecord(), headers);
  Object.assign(headers, plan.compiled.defaultHeaders(call, endpoint));
  mergeConfigured(headers, plan, endpoint);
  await mergeProxyHeaders(headers, plan, call);
  setIdentity(headers, plan, call);
  const authNames = await mergeAuthHeaders(headers, plan, call);
  const params = await readParams(headers, plan, call);
  return {
    call,
    endpoint,
    headers: mergeParamsHeaders(headers, beneath, plan, { call, params }),
    authNames,
    params,
    timeoutMs: call.timeout ?? plan.source.definition.timeout ?? plan.compiled.timeoutMs(endpoint),
  };
}

async function chooseEndpoint(plan: RequestPlan, call: Call): Promise<ActionEndpoint> {
  const wanted = plan.source.definition.endpoint;
  const endpoint =
    typeof wanted === 'function'
      ? await runHook('endpoint', () => wanted({ ...plan.endpoints }, call.args))
      : findEndpoint(plan.endpoints, wanted === undefined ? plan.endpointNames : [wanted]);
  const path = typeof endpoint === 'string' ? endpoint : endpoint?.path;
  if (endpoint !== undefined && typeof path === 'string' && path !== '') return endpoint;
  throw createFailure(call, {
    status: 400,
    code: 'ENDPOINT_NOT_FOUND',
    text: 'endpointNotFound',
    details: { description: plan.missingEndpoint },
  });
}

/** The first of the names that the service has an endpoint for. */
export function findEndpoint(
  endpoints: EndpointsConfig,
  names: readonly string[],
): ActionEndpoint | undefined {
  return names.map((name) => endpoints[name]).find((endpoint) => endpoint !== undefined);
}

/** Header order, step 1: the ctx's metadata. It only observes, so what is illegal there is dropped. */
async function readBeneath(
  plan: RequestPlan,
  call: Call,
  endpoint: ActionEndpoint,
): Promise<HeaderRecord> {
  const headers = createHeaderRecord();
  try {
    const metadata: unknown = call.ctx.getMetadata?.();
    const given = ((await metadata) ?? {}) as HeadersInput;
    mergeHeaders(headers, keepForwardable(given, call.headers), () => undefined);
  } catch (error) {
    plan.logFailure(call.ctx, 'ctx.getMetadata failed', error);
  }
  mergeConfigured(headers, plan, endpoint);
  return headers;
}

/** Headers of `axiosConfig`: over the gateway's defaults, and they stay when `params` gives headers. */
function mergeConfigured(headers: HeaderRecord, plan: RequestPlan, endpoint: ActionEndpoint): void {
  mergeTrusted(headers, plan.compiled.configuredHeaders(endpoint), 'axiosConfig.headers');
}

function mergeTrusted(headers: HeaderRecord, from: object | undefined, source: string): void {
  if (from === undefined) return;
  const kept = Object.entries(from).filter(([name]) => !isFraming(name.toLowerCase()));
  mergeHeaders(headers, Object.fromEntries(kept), (name) => {
    throw new InvalidHeaderError(name, source);
  });
}

/** Steps 3 and 4. */
async function mergeProxyHeaders(
  headers: HeaderRecord,
  { proxyHeaders, proxyExtra, kind }: RequestPlan,
  call: Call,
): Promise<void> {
  for (const make of proxyHeaders.functions) {
    const returned = await runHook('proxyHeaders', () => {
      return make({ ...call.headers }, kind, { ...proxyExtra });
    });
    mergeProxied(headers, returned, call.headers, proxyHeaders.forwarded);
  }
  passByName(headers, proxyHeaders, call.headers, call.client?.address);
}

/** Step 5. One idempotency-key serves all attempts. */
function setIdentity(headers: HeaderRecord, { kind, source }: RequestPlan, call: Call): void {
  const requestId =
    toHeaderValue(call.requestId) ?? encodeURIComponent(call.requestId.toWellFormed());
  if (kind === 'rest') headers['x-request-id'] = requestId;
  if (source.definition.idempotency !== true) return;
  const given = toHeaderValue(readHeader(call.headers, 'idempotency-key'));
  headers['idempotency-key'] = given?.length ? given : randomUUID();
}

/** Step 6. Answers which headers are credentials. */
async function mergeAuthHeaders(
  headers: HeaderRecord,
  { getAuthHeaders, kind, source, proxyHeaders }: RequestPlan,
  call: Call,
): Promise<ReadonlySet<string>> {
  if (!getAuthHeaders) return new Set();
  const returned = await runHook('getAuthHeaders', () => {
    return getAuthHeaders({
      actionType: kind,
      serviceName: source.serviceName,
      requestHeaders: call.headers,
      authArgs: call.authArgs,
    });
  });
  const barred = notCopiedLater(proxyHeaders.forwarded);
  mergeTrusted(headers, keepForwardable(returned ?? {}, call.headers, barred), 'getAuthHeaders');
  return new Set(Object.keys(returned ?? {}).map((name) => name.toLowerCase()));
}

async function readParams(
  headers: HeaderRecord,
  plan: RequestPlan,
  call: Call,
): Promise<ParamsOutput> {
  const { params } = plan.source.definition;
  if (!params) return plan.kind === 'grpc' ? { body: call.args } : {};
  const shown = plan.kind === 'rest' ? { ...headers } : call.headers;
  const given = await runHook('params', () => params(call.args, shown, { ctx: call.ctx }));
  return given ?? {};
}

/**
 * Step 7: for REST what `params` returns stands alone over what lies beneath; for gRPC it is merged,
 * and may be a copy of the request's headers.
 */
function mergeParamsHeaders(
  headers: HeaderRecord,
  beneath: HeaderRecord,
  { kind, proxyHeaders }: RequestPlan,
  { call, params }: Pick<TransportRequest, 'call' | 'params'>,
): HeaderRecord {
  if (!params.headers) return headers;
  if (kind === 'rest') {
    mergeTrusted(beneath, params.headers, 'params');
    return beneath;
  }
  const incoming: unknown[] = Object.values(call.headers);
  const barred = notCopiedLater(proxyHeaders.forwarded);
  mergeHeaders(headers, keepForwardable(params.headers, call.headers, barred), (name, value) => {
    if (!incoming.includes(value)) throw new InvalidHeaderError(name, 'params');
  });
  return headers;
}
