import axios, { AxiosError, AxiosHeaders, CanceledError } from 'axios';
import type {
  AxiosAdapter,
  AxiosResponse,
  AxiosResponseHeaders,
  InternalAxiosRequestConfig,
} from 'axios';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIdempotentMethod } from './idle-connections';
import { isOwnParser } from './parse-response';
import { BodyFault, readBody, readErrorBody } from './read-body';
import type { BodyLimits } from './read-body';
import { streamBody } from './stream-body';
import type { CountBytes } from './stream-body';

/** What the adapter does beyond axios's own, per request. */
export interface WireOptions {
  readonly limits: BodyLimits;
  /** Milliseconds of silence after which a streamed body is given up. */
  readonly idleMs: number;
  readonly count: CountBytes;
  /** Awaited before each sending. */
  readonly catchUp: () => Promise<void>;
}

/** Node sets it on a request that went out on a connection used before. */
function wasReused(error: unknown): boolean {
  const { request } = error as { request?: ClientRequest & { _currentRequest?: ClientRequest } };
  return (request?._currentRequest ?? request)?.reusedSocket === true;
}

/**
 * Whether the connection was closed while idle, before it had answered anything: the request is
 * sent again, once and at once, where its method allows that (RFC 9110 section 9.2.2).
 */
function isLostReuse(error: unknown, config: InternalAxiosRequestConfig): boolean {
  const { code, response } = error as AxiosError;
  const isLost = response === undefined && (code === 'ECONNRESET' || code === 'EPIPE');
  const isReplayable = typeof (config.data as { pipe?: unknown } | undefined)?.pipe !== 'function';
  return isLost && isReplayable && wasReused(error) && isIdempotentMethod(config.method ?? 'GET');
}

/**
 * axios's http adapter with the body read by the gateway: whole or not at all, decoded strictly,
 * counted after decoding. Bytes go to the gateway's own parser, text to a user's transformResponse.
 */
export function createWireAdapter(options: WireOptions): AxiosAdapter {
  const http = axios.getAdapter('http');

  async function exchange(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const wire: InternalAxiosRequestConfig = {
      ...config,
      responseType: 'stream',
      decompress: false,
      timeout: 0,
      maxContentLength: -1,
      validateStatus: null,
      // The gateway reads the message itself: no stream of axios's may stand between.
      onDownloadProgress: undefined,
      maxRate: [[config.maxRate ?? 0].flat()[0] ?? 0, 0],
    };
    try {
      return await send(wire);
    } catch (error) {
      if (!isLostReuse(error, config)) throw error;
      return await send(wire);
    }
  }

  async function send(wire: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    await options.catchUp();
    // axios (1.18) rejects where the signal has fired already, sends the request all the same, and
    // leaves its connection open for ever.
    if (wire.signal?.aborted) throw new CanceledError(undefined, wire);
    return http(wire);
  }

  return async function wireAdapter(config) {
    const response = await exchange(config);
    const message = response.data as IncomingMessage;
    response.config = config;
    try {
      response.data = await readData(message, config, response.status);
    } catch (error) {
      message.destroy();
      throw toAxiosError(error, config, response);
    }
    const headers = AxiosHeaders.from(response.headers as AxiosResponseHeaders);
    // The body is no longer encoded, and no longer of the length that was declared.
    if (headers.has('content-encoding')) headers.delete(['content-encoding', 'content-length']);
    response.headers = headers;
    return settle(response);
  };

  async function readData(
    message: IncomingMessage,
    config: InternalAxiosRequestConfig,
    status: number,
  ): Promise<unknown> {
    const { limits, idleMs, count } = options;
    const isWanted = isAccepted(config, status);
    const { responseType, transformResponse } = config;
    if (isWanted && responseType === 'stream') return streamBody(message, limits, idleMs, count);
    const isJsonOrText = responseType !== 'stream' && responseType !== 'arraybuffer';
    const bytes = isWanted
      ? await readBody(message, limits)
      : await readErrorBody(message, limits, isJsonOrText);
    count(bytes.length);
    const isText = responseType !== 'arraybuffer' && !isOwnParser(transformResponse);
    return isText ? bytes.toString('utf8') : bytes;
  }
}

function isAccepted({ validateStatus }: InternalAxiosRequestConfig, status: number): boolean {
  return !validateStatus || validateStatus(status);
}

function toAxiosError(error: unknown, config: InternalAxiosRequestConfig, response: AxiosResponse) {
  if (axios.isAxiosError(error) || axios.isCancel(error)) return error;
  const { code, message } = error as { code?: string; message: string };
  // A fault of the content is the upstream's last word; a cut connection is a network error.
  const isContent = error instanceof BodyFault && code !== 'ECONNRESET';
  const { request } = response as { request?: unknown };
  const told = isContent ? { ...response, data: undefined } : undefined;
  const wrapped = new AxiosError(message, code, config, request, told);
  wrapped.cause = error as Error;
  return wrapped;
}

/** As axios settles: a status that `validateStatus` refuses rejects with the response. */
function settle(response: AxiosResponse): AxiosResponse {
  const { config, status } = response;
  if (isAccepted(config, status)) return response;
  const code = status >= 500 ? AxiosError.ERR_BAD_RESPONSE : AxiosError.ERR_BAD_REQUEST;
  const text = `Request failed with status code ${status}`;
  throw new AxiosError(text, code, config, response.request, response);
}
