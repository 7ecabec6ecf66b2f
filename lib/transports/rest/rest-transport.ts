import { AxiosError } from 'axios';
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import type { ResolvedConfig } from '../../config/resolve-config';
import { isReadable } from '../../call/call';
import type { Call } from '../../call/call';
import { BuildFault } from '../../call/transport';
import type {
  Attempt,
  CompiledTransport,
  Send,
  Transport,
  TransportRequest,
  TransportResponse,
} from '../../call/transport';
import { redactUrl } from '../../headers/sensitive';
import { acceptLanguageOf } from '../../call/call-identity';
import { createHeaderRecord } from '../../headers/header-record';
import type { HeaderRecord } from '../../headers/header-record';
import type { ActionDefinition, ActionEndpoint, RestDefinition } from '../../schema/definitions';
import { isProxyDefinition } from '../../schema/define';
import { pathOf } from '../../schema/endpoints';
import { VERSION } from '../../version';
import { createAxiosClient, flattenAxiosHeaders } from './axios-client';
import { compileProxy } from './compile-proxy';
import { axiosConfigOf, compileToAxiosRequest, readAttemptHeaders } from './compile-request';
import { ConnectionPool } from './connection-pool';
import { ACCEPT_ENCODING } from './content-decoding';
import { compileExpectContentType } from './expected-content-type';
import { createKeepAliveAgents } from './keep-alive-agent';
import type { KeepAliveAgents } from './keep-alive-agent';
import { admitsLean, compileIsLean } from './lean-options';
import { compileLeanSend } from './lean-send';
import type { LeanResponse } from './lean-send';
import { compileChooseTransform, INVALID_RESPONSE } from './parse-response';
import { compileTransformError } from './transform-error';
import { compileResolveUrl } from './resolve-url';
import { toRestFailure } from './rest-error';
import { compileRetryCondition, readRetryAfterMs } from './retry-condition';
import { createEndpointParser, parseHttpUrl } from './url';
import { UpstreamSlots } from './upstream-slots';

/** REST over axios. One client, one pool of connections and one set of slots for a gateway. */
export function createRestTransport(config: ResolvedConfig): Transport {
  const agents = createKeepAliveAgents(config.limits.upstreamSockets);
  const pool = new ConnectionPool(config.limits.upstreamSockets);
  const slots = new UpstreamSlots(config.limits.upstreamSockets, config.limits.queue);
  const client = createAxiosClient(config, agents);
  const mayBeLean = admitsLean(config);
  return {
    kind: 'rest',
    endpointNames: ['endpoint'],
    accepts: (definition) => isProxyDefinition(definition) || isRestDefinition(definition),
    compile({ definition }, site) {
      const { endpoint } = site;
      if (endpoint !== undefined && !parseHttpUrl(pathOf(endpoint))) {
        const shown = redactUrl(pathOf(endpoint));
        throw new BuildFault(
          'INVALID_ENDPOINT',
          `its endpoint is not an http or https URL: ${shown}`,
        );
      }
      if (isProxyDefinition(definition)) {
        return compileProxy(definition, { config, pool, slots }, site);
      }
      return compileRest(definition as RestDefinition, {
        config,
        client,
        slots,
        agents,
        pool,
        mayBeLean,
      });
    },
    close() {
      agents.destroy();
      pool.destroy();
      return Promise.resolve();
    },
  };
}

interface RestParts {
  readonly config: ResolvedConfig;
  readonly client: AxiosInstance;
  readonly slots: UpstreamSlots;
  readonly agents: KeepAliveAgents;
  readonly pool: ConnectionPool;
  /** Whether the config leaves any action to the gateway's own sending. */
  readonly mayBeLean: boolean;
}

const METHOD = /^(get|post|put|delete|patch|head|options)$/i;

function isRestDefinition(definition: ActionDefinition): boolean {
  const { method, path } = definition as Partial<RestDefinition>;
  const isPath = typeof path === 'string' || typeof path === 'function';
  const isMethod = typeof method === 'string' && METHOD.test(method);
  return isMethod && isPath;
}

function compileRest(definition: RestDefinition, parts: RestParts): CompiledTransport {
  const { config, client, slots, agents, pool } = parts;
  const parseEndpoint = createEndpointParser();
  const originOf = (endpoint: ActionEndpoint) =>
    parseEndpoint(pathOf(endpoint))?.origin ?? pathOf(endpoint);
  const resolveUrl = compileResolveUrl(definition, config.encodePathArgs, parseEndpoint);
  const chooseTransform = compileChooseTransform(definition, config);
  const { catchUp } = agents;
  const toAxiosRequest = compileToAxiosRequest(definition, config, { catchUp, chooseTransform });
  const isLean = compileIsLean(definition, parts);
  const leanSend = compileLeanSend(definition, {
    config,
    pool,
    toAxiosRequest,
    chooseTransform,
    sendByAxios: exchange,
  });
  const isRetryable = compileRetryCondition(definition, config);
  const expectContentType = compileExpectContentType(definition, config);
  const transformError = compileTransformError(definition, config);

  const ofConfig = flattenAxiosHeaders(config.axiosConfig?.headers, definition.method);

  async function open(request: TransportRequest): Promise<Send> {
    const { call, endpoint, headers, authNames, params } = request;
    const url = await resolveUrl(pathOf(endpoint), call);
    const { origin } = url;
    const isLeanCall = isLean(request) && !url.hasUserinfo;
    const sent = {
      method: definition.method.toUpperCase(),
      endpoint: pathOf(endpoint),
      headers,
      authNames,
    };
    const traced = { ...sent, url: url.text, body: params.body };
    call.trace.request = traced;

    async function send(attempt: Attempt): Promise<TransportResponse> {
      traced.headers = readAttemptHeaders(request, attempt);
      call.trace.response.bytes = 0;
      const release = await slots.acquire(origin, attempt.ending);
      const sending = isLeanCall
        ? leanSend(url, request, attempt, traced.headers)
        : exchange(toAxiosRequest(url.text, request, attempt));
      const response = await sending.catch((error: unknown) => {
        release();
        throw error;
      });
      if (isReadable(response.data)) response.data.once('close', release);
      else release();
      return toTransportResponse(response, call);
    }

    const { body } = params;
    if (!isReadable(body)) return send;
    // A stream is sent once only, and axios leaves its source open when the request fails (C5).
    return (attempt) =>
      send(attempt).catch((error: unknown) => {
        body.destroy();
        throw error;
      });
  }

  async function exchange(axiosRequest: AxiosRequestConfig): Promise<AxiosResponse> {
    const response = await client.request<unknown>(axiosRequest);
    // Also where validateStatus admits it: outside of 200 to 599 there is no answer to pass on.
    if (!(response.status >= 200 && response.status <= 599)) {
      const request: unknown = response.request;
      throw new AxiosError(
        'Status out of range',
        INVALID_RESPONSE,
        response.config,
        request,
        response,
      );
    }
    return response;
  }

  function toTransportResponse(response: LeanResponse, call: Call): TransportResponse {
    const contentType: unknown = response.headers['content-type'];
    const hasType = typeof contentType === 'string';
    const received = call.trace.response;
    received.status = response.status;
    if (hasType) received.contentType = contentType;
    const isEmpty = response.status === 204;
    // A stream that nobody reads would never end, and hold its slot.
    if (isEmpty && isReadable(response.data)) response.data.resume();
    const data: unknown = isEmpty ? undefined : response.data;
    const { headers } = response;
    const transportResponse: TransportResponse = hasType
      ? { data, headers, contentType }
      : { data, headers };
    expectContentType(transportResponse, call);
    return transportResponse;
  }

  return {
    open,
    defaultHeaders: (call, endpoint) => defaultHeaders(call, parseEndpoint(pathOf(endpoint))?.host),
    configuredHeaders(endpoint) {
      const ofEndpoint = flattenAxiosHeaders(axiosConfigOf(endpoint).headers, definition.method);
      return ofEndpoint ? { ...ofConfig, ...ofEndpoint } : ofConfig;
    },
    timeoutMs(endpoint) {
      return axiosConfigOf(endpoint).timeout ?? config.axiosConfig?.timeout ?? config.timeout;
    },
    upstreamOf: originOf,
    isRetryable: (error, request) => isRetryable(error, request.params.body),
    retryAfterMs: readRetryAfterMs,
    async toCallError(error, call) {
      const failure = toRestFailure(error, call);
      return transformError(failure, error, call);
    },
  };
}

/** Step 2 of the header order. */
function defaultHeaders(call: Call, host: string | undefined): HeaderRecord {
  const headers = createHeaderRecord();
  if (host !== undefined) headers['host'] = host;
  headers['accept'] = 'application/json, */*';
  headers['accept-encoding'] = ACCEPT_ENCODING;
  headers['accept-language'] = acceptLanguageOf(call);
  headers['x-gateway-version'] = VERSION;
  return headers;
}
