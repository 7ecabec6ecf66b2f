import axios, { AxiosError, AxiosHeaders } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import type { Attempt, TransportRequest } from '../../call/transport';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { HeaderRecord } from '../../headers/header-record';
import type { RestDefinition } from '../../schema/definitions';
import { asSync } from './assert-sync';
import { ExchangeFailure } from './buffered-exchange';
import type { LimitsOf, RawAnswer } from './buffered-exchange';
import { compileMaxBytes, compileMaxRedirects } from './compile-request';
import type { ToAxiosRequest } from './compile-request';
import { exchangeOnPool } from './exchange-on-pool';
import type { ConnectionPool } from './connection-pool';
import { keepAllNames } from './keep-all-names';
import { findRedirect } from './lean-redirect';
import type { ChooseTransform } from './parse-response';
import { decodeBody, MAX_ERROR_BYTES } from './read-body';
import type { BodyLimits, CodingHeaders } from './read-body';
import type { FinishedUrl } from './resolve-url';
import { readResponseHeaders } from './response-headers';
import { toAxiosError } from './wire-error';

/** The members of an axios response that a call looks at. */
export type LeanResponse = Pick<AxiosResponse, 'status' | 'headers' | 'data'>;

export interface LeanParts {
  readonly config: ResolvedConfig;
  readonly pool: ConnectionPool;
  readonly toAxiosRequest: ToAxiosRequest;
  readonly chooseTransform: ChooseTransform;
  /** Sends through axios what only axios can: where a redirect leads. */
  readonly sendByAxios: (config: InternalAxiosRequestConfig) => Promise<LeanResponse>;
}

/** What is asked for, and what axios would have been told of it. */
interface Asked {
  readonly request: TransportRequest;
  readonly limitsOf: LimitsOf;
  readonly url: FinishedUrl;
  readonly configOf: () => InternalAxiosRequestConfig;
}

const USER_AGENT = `axios/${axios.VERSION}`;
const EMPTY = Buffer.alloc(0);

/**
 * Sends without axios what `isLean` admits: the request is prepared already, and merging its config,
 * chains of interceptors and a stream for each body cost more than the sending. Rejects with
 * AxiosError, whose `config` is the one that axios would have had.
 */
export function compileLeanSend(definition: RestDefinition, parts: LeanParts) {
  const { config, pool, chooseTransform } = parts;
  const { responseType } = definition;
  const paramsSerializer = asSync(definition.paramsSerializer);
  const method = definition.method.toUpperCase();
  const maxBytesOf = compileMaxBytes(config);
  const maxRedirectsOf = compileMaxRedirects(definition, config);

  return async function leanSend(
    url: FinishedUrl,
    request: TransportRequest,
    attempt: Attempt,
    headers: HeaderRecord,
  ): Promise<LeanResponse> {
    const { endpoint, params } = request;
    const { ending } = attempt;
    const limits = { maxBytes: maxBytesOf(endpoint), maxCodings: config.limits.encodings };
    const limitsOf = (status: number) => limitsUnder(status, limits);
    const asked: Asked = {
      request,
      limitsOf,
      url,
      configOf: () => toConfig(url, request, attempt),
    };
    const hasBody = params.body !== undefined && params.body !== null;
    const options: Dispatcher.DispatchOptions = {
      method,
      path: toPath(url.target, params.query),
      headers: completeHeaders(headers, hasBody),
      body: hasBody ? JSON.stringify(params.body) : null,
    };
    try {
      const answer = await exchangeOnPool(pool, url.origin, { options, limitsOf, ending });
      return await toResponse(answer, asked);
    } catch (error) {
      // The body of an error is read as far as it is one: the status is what counts.
      const head = error instanceof ExchangeFailure ? error.head : undefined;
      // A 204 has none, whatever its headers say (RFC 9110 section 8.6).
      const isSpare = head && (!isSuccess(head.status) || head.status === 204);
      if (isSpare && !ending.reason) return toResponse({ ...head, body: EMPTY }, asked);
      throw toAxiosError(error, asked.configOf);
    }
  };

  function toPath(path: string, query: unknown): string {
    if (query === undefined) return path;
    const options = { url: path, params: keepAllNames(query) };
    return axios.getUri({ ...options, ...(paramsSerializer && { paramsSerializer }) });
  }

  function toConfig(url: FinishedUrl, request: TransportRequest, attempt: Attempt) {
    const made = parts.toAxiosRequest(url.text, request, attempt);
    return { ...made, headers: AxiosHeaders.from(made.headers) } as InternalAxiosRequestConfig;
  }

  async function toResponse(answer: RawAnswer, asked: Asked): Promise<LeanResponse> {
    const { status } = answer;
    const headers = readResponseHeaders(answer.rawHeaders);
    const next = findRedirect(status, headers['location'], asked.url.text);
    const left = next && maxRedirectsOf(asked.request.endpoint);
    if (next && left) return parts.sendByAxios(next.toConfig(asked.configOf(), left));

    const { call } = asked.request;
    const bytes = await decode(answer.body, headers, { status, ...asked });
    call.trace.response.bytes += bytes.length;
    // The body is no longer encoded, and no longer of the length that was declared.
    if ('content-encoding' in headers) {
      delete headers['content-encoding'];
      delete headers['content-length'];
    }
    const transform = chooseTransform(call);
    const data: unknown = transform.call(
      { responseType } as never,
      bytes,
      headers as never,
      status,
    );
    if (!isSuccess(status)) throw toStatusError({ ...answer, headers, data }, asked.configOf());
    return { status, headers, data };
  }

  function decode(
    body: Buffer,
    coding: CodingHeaders,
    { status, limitsOf }: Asked & { status: number },
  ) {
    const decoded = decodeBody(body, coding, limitsOf(status));
    return isSuccess(status) ? decoded : decoded.catch(() => EMPTY);
  }

  function limitsUnder(status: number, limits: BodyLimits): BodyLimits {
    if (isSuccess(status) || responseType !== 'arraybuffer') return limits;
    return { ...limits, maxBytes: Math.min(limits.maxBytes, MAX_ERROR_BYTES) };
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** What axios adds to the headers of a request. */
function completeHeaders(headers: HeaderRecord, hasBody: boolean): HeaderRecord {
  const complete = { ...headers };
  complete['user-agent'] ??= USER_AGENT;
  if (hasBody) complete['content-type'] ??= 'application/json';
  else delete complete['content-type'];
  return complete;
}

/** As axios settles a status that is no success. */
function toStatusError(
  { status, statusText, headers, data }: RawAnswer & { headers: object; data: unknown },
  config: InternalAxiosRequestConfig,
): AxiosError {
  const code = status >= 500 ? AxiosError.ERR_BAD_RESPONSE : AxiosError.ERR_BAD_REQUEST;
  const text = `Request failed with status code ${status}`;
  const response = {
    status,
    statusText,
    data,
    config,
    headers: AxiosHeaders.from(headers as never),
  };
  return new AxiosError(text, code, config, undefined, response);
}
