import type { CallOptions } from '@grpc/grpc-js';
import { CallAborted } from '../../call/abort';
import { CLOSED } from '../../call/abort-failure';
import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import { toMessageStream } from '../../call/message-stream';
import type {
  Attempt,
  CompiledTransport,
  CompileSite,
  Send,
  TransportRequest,
  TransportResponse,
} from '../../call/transport';
import type { GatewayCallError } from '../../errors/gateway-error';
import type { ActionEndpoint, GrpcDefinition } from '../../schema/definitions';
import { pathOf } from '../../schema/endpoints';
import type { ActionSource } from '../../schema/walk';
import { ALWAYS_DECODED, decodeAnyAt } from './any-message';
import type { PooledClient } from './client-pool';
import type { ResolvedCredentials } from './credentials';
import { InvalidMessage } from './codec/invalid-message';
import type { Exchange } from './exchange';
import { assertCallable, findMethod } from './find-method';
import { typeOf } from './grpc-definition';
import { isServiceError, toGrpcFailure } from './grpc-error';
import type { GrpcParts } from './grpc-parts';
import { compileGrpcRetryCondition, readPushbackMs } from './retry-condition';
import { defaultMetadata, fromMetadata, toMetadata } from './metadata';
import type { MethodTypes } from './proto-file-source';
import { callStream } from './stream-call';
import { callUnary } from './unary-call';
import { GRPC_CANCELLED, GRPC_DEADLINE_EXCEEDED } from '../../errors/codes';

type Source = ActionSource<GrpcDefinition>;

/** Compiles one gRPC action. Throws for a file, import or service that is not there, and for bad certificates. */
export function compileGrpc(
  source: Source,
  site: CompileSite,
  parts: GrpcParts,
): CompiledTransport {
  const { definition } = source;
  const { config, pool } = parts;
  const { root, methods } = parts
    .sourceOf(source.scope)
    .load(protoPathOf(definition), definition.protoKey);
  const format = definition.jsonFormat ?? config.jsonFormat ?? 'loader';
  const codec = parts.codecOf(root, format, definition.decodeAnyMessageProtoLoaderOptions);
  const method = findMethod(definition, methods, site.warn);
  const kind = typeOf(definition);
  const anyPaths = [...ALWAYS_DECODED, ...(definition.encodedFields ?? [])].map((path) =>
    path.split('.'),
  );
  const isRetryable = compileGrpcRetryCondition(config);
  const clients = new WeakMap<Call, PooledClient>();
  parts.credentials.check(definition, site.endpoint);

  function decode(type: MethodTypes['response'], call: Call, bytes: Buffer): unknown {
    call.trace.response.bytes += bytes.length;
    const message = codec.decode(type, bytes);
    return format === 'loader' ? decodeAnyAt(message, anyPaths, codec) : message;
  }

  /** Only an endpoint that a function has chosen is wrong as late as here; logs say how. */
  function resolveCredentials(call: Call, endpoint: ActionEndpoint): ResolvedCredentials {
    try {
      return parts.credentials.resolve(definition, endpoint);
    } catch (cause) {
      throw createFailure(call, { status: 500, code: 'INVALID_ENDPOINT', text: 'internal', cause });
    }
  }

  function createExchange({ call, endpoint, headers }: TransportRequest, found: MethodTypes) {
    const address = pathOf(endpoint);
    const credentials = resolveCredentials(call, endpoint);
    const options = parts.optionsOf(endpoint);
    return (attempt: Attempt): Exchange => {
      if (pool.isClosed) throw createFailure(call, CLOSED);
      const { scope } = source;
      const { protoKey } = definition;
      const client = pool.clientFor({ scope, address, protoKey, credentials, options });
      clients.set(call, client);
      return {
        client,
        method: found,
        metadata: toMetadata(headers),
        options: readCallOptions(attempt, kind, call, definition),
        signal: attempt.signal,
        decode: (bytes) => decode(found.response, call, bytes),
        encode: (message) => codec.encode(found.request, message ?? {}),
      };
    };
  }

  function prepare(request: TransportRequest): Send {
    const { call, headers, authNames, endpoint } = request;
    assertCallable(source, method, call);
    const { body = {} } = request.params;
    const { action, protoKey } = definition;
    const grpc = { protokey: protoKey, protopath: protoPathOf(definition) };
    const sent = { method: action, url: protoKey, endpoint: pathOf(endpoint), headers, authNames };
    call.trace.request = { ...sent, body, grpc };
    const exchangeFor = createExchange(request, method);
    if (kind !== 'unary') return (attempt) => sendStream(exchangeFor(attempt), call, body);
    const bytes = encodeBody(call, () => codec.encode(method.request, body ?? {}));
    return async (attempt) => {
      call.trace.response.bytes = 0;
      const { data, trailers } = await callUnary(exchangeFor(attempt), bytes);
      return { data, headers: readTrailers(call, fromMetadata(trailers)) };
    };
  }

  function sendStream(exchange: Exchange, call: Call, body: unknown): Promise<TransportResponse> {
    if (kind === 'unary') throw new TypeError('not a stream');
    const request = () => encodeBody(call, () => exchange.encode(body));
    const { stream, ended } = callStream(exchange, kind, request, call.callback as never);
    const { signal } = exchange;
    const outcome = ended.then((error) => {
      return error && toFailure(signal.aborted ? signal.reason : error, call);
    });
    return Promise.resolve({ data: toMessageStream(stream, outcome), headers: {} });
  }

  /** What ended a call, of any kind. After a deadline the next call gets a new client. */
  function toFailure(error: unknown, call: Call): GatewayCallError {
    if (isServiceError(error)) readTrailers(call, fromMetadata(error.metadata));
    if (pool.isClosed && hasCode(error, GRPC_CANCELLED)) {
      return createFailure(call, { ...CLOSED, cause: error });
    }
    const client = clients.get(call);
    if (client && isDeadline(error) && config.grpcRecreateService !== false) pool.renew(client);
    return toGrpcFailure(error, call, root, codec);
  }

  return {
    open: (request) => new Promise((resolve) => resolve(prepare(request))),
    defaultHeaders: defaultMetadata,
    configuredHeaders: () => undefined,
    timeoutMs: () => config.timeout,
    upstreamOf: pathOf,
    isRetryable,
    retryAfterMs: readPushbackMs,
    toCallError: (error, call) => Promise.resolve(toFailure(error, call)),
  };
}

/** The server's, grpc-js's, or the gateway's own over all attempts. */
function isDeadline(error: unknown): boolean {
  if (error instanceof CallAborted) return error.kind === 'timeout';
  return hasCode(error, GRPC_DEADLINE_EXCEEDED);
}

function hasCode(error: unknown, code: number): boolean {
  return isServiceError(error) && Number(error.code) === code;
}

function protoPathOf(definition: GrpcDefinition): string {
  return (definition as { protoPath: string }).protoPath;
}

function readTrailers(call: Call, trailers: Record<string, string | string[]>) {
  Object.assign(call.trace.response, { metadata: trailers });
  return trailers;
}

/** A stream lives as long as it must, unless the call or the action says how long. */
function readCallOptions(
  { timeoutMs }: Attempt,
  kind: string,
  call: Call,
  { timeout }: GrpcDefinition,
): CallOptions {
  const isBounded = kind === 'unary' || call.timeout !== undefined || timeout !== undefined;
  if (!isBounded || !Number.isFinite(timeoutMs)) return {};
  return { deadline: Date.now() + timeoutMs };
}

function encodeBody(call: Call, encode: () => Buffer): Buffer {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    throw createFailure(call, {
      status: 400,
      code: 'INVALID_PARAMS',
      text: 'invalidParams',
      details: { title: 'Invalid params', description: error.message },
      cause: error,
    });
  }
}
