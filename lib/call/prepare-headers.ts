import { randomUUID } from 'node:crypto';
import {
  createHeaderRecord,
  InvalidHeaderError,
  mergeHeaders,
  readHeader,
  readHeadersInput,
  toHeaderValue,
} from '../headers/header-record';
import type { HeaderRecord, HeadersInput } from '../headers/header-record';
import { isFraming, keepForwardable } from '../headers/not-forwarded';
import { mergeProxied, notCopiedLater, passByName } from '../headers/proxy-headers';
import type { ActionEndpoint } from '../schema/definitions';
import type { Call } from './call';
import { requestIdOf } from './call-identity';
import { runHook } from './failure';
import { isSilent } from './is-silent';
import type { RequestPlan } from './request-plan';
import type { TransportRequest } from './transport';

/** The headers of a request before `params` has had its say. */
export interface PreparedHeaders {
  readonly headers: HeaderRecord;
  /** What stays even where `params` gives headers of its own. */
  readonly beneath: HeaderRecord;
  readonly authNames: ReadonlySet<string>;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Steps 1 to 6 of the header order (CONTRACT 4); later ones win. */
export async function prepareHeaders(
  plan: RequestPlan,
  call: Call,
  endpoint: ActionEndpoint,
): Promise<PreparedHeaders> {
  const beneath = await readMetadata(plan, call);
  const headers = Object.assign(createHeaderRecord(), beneath);
  Object.assign(headers, plan.compiled.defaultHeaders(call, endpoint));
  const configured = plan.compiled.configuredHeaders(endpoint);
  // Over the gateway's defaults, and they stay when `params` gives headers.
  mergeTrusted(beneath, configured, 'axiosConfig.headers');
  mergeTrusted(headers, configured, 'axiosConfig.headers');
  await mergeProxyHeaders(headers, plan, call);
  setIdentity(headers, plan, call);
  const authNames = await mergeAuthHeaders(headers, plan, call);
  mergeTrusted(headers, call.upstreamHeaders, 'an interceptor');
  mergeTrusted(beneath, call.upstreamHeaders, 'an interceptor');
  return { headers, beneath, authNames };
}

/** Step 1: the ctx's metadata. It only observes, so what is illegal there is dropped. */
async function readMetadata(plan: RequestPlan, call: Call): Promise<HeaderRecord> {
  const headers = createHeaderRecord();
  try {
    if (isSilent(call.ctx)) return headers;
    const metadata: unknown = call.ctx.getMetadata?.();
    const given = ((await metadata) ?? {}) as HeadersInput;
    mergeHeaders(headers, keepForwardable(given, call.headers), () => undefined);
  } catch (error) {
    plan.logFailure(call.ctx, 'ctx.getMetadata failed', error);
  }
  return headers;
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
    const made = readHeadersInput(returned, 'proxyHeaders');
    mergeProxied(headers, made, call.headers, proxyHeaders.forwarded);
  }
  passByName(headers, proxyHeaders, call.headers, call.client?.peerAddress);
}

/** Step 5. One idempotency-key serves all attempts. */
function setIdentity(headers: HeaderRecord, { kind, source }: RequestPlan, call: Call): void {
  if (kind === 'rest') headers['x-request-id'] = requestIdOf(call);
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
  if (!getAuthHeaders) return NO_NAMES;
  const returned = await runHook('getAuthHeaders', () => {
    return getAuthHeaders({
      actionType: kind,
      serviceName: source.serviceName,
      requestHeaders: call.headers,
      authArgs: call.authArgs,
      state: call.state,
    });
  });
  const made = readHeadersInput(returned, 'getAuthHeaders') ?? {};
  const barred = notCopiedLater(proxyHeaders.forwarded);
  mergeTrusted(headers, keepForwardable(made, call.headers, barred), 'getAuthHeaders');
  return new Set(Object.keys(made).map((name) => name.toLowerCase()));
}

/**
 * Step 7: for REST what `params` returns stands alone over what lies beneath; for gRPC it is merged,
 * and may be a copy of the request's headers.
 */
export function mergeParamsHeaders(
  { headers, beneath }: PreparedHeaders,
  { kind, proxyHeaders }: RequestPlan,
  { call, params }: Pick<TransportRequest, 'call' | 'params'>,
): HeaderRecord {
  const made = readHeadersInput(params.headers, 'params');
  if (!made) return headers;
  if (kind === 'rest') {
    mergeTrusted(beneath, made, 'params');
    return beneath;
  }
  const incoming: unknown[] = Object.values(call.headers);
  const barred = notCopiedLater(proxyHeaders.forwarded);
  mergeHeaders(headers, keepForwardable(made, call.headers, barred), (name, value) => {
    if (!incoming.includes(value)) throw new InvalidHeaderError(name, 'params');
  });
  return headers;
}
