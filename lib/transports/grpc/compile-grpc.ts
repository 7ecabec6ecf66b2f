import type { CallOptions } from '@grpc/grpc-js';
import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import type {
  Attempt,
  CompiledTransport,
  CompileSite,
  Send,
  TransportRequest,
  TransportResponse,
} from '../../call/transport';
import type { GrpcDefinition } from '../../schema/definitions';
import type { ActionSource } from '../../schema/walk';
import { ALWAYS_DECODED, decodeAnyAt } from './any-message';
import type { PooledClient } from './client-pool';
import { InvalidMessage } from './codec/invalid-message';
import type { Exchange } from './exchange';
import { typeOf } from './grpc-definition';
import { isServiceError, toGrpcFailure } from './grpc-error';
import { defaultMetadata } from './grpc-transport';
import type { GrpcParts } from './grpc-transport';
import { compileGrpcRetryCondition, readPushbackMs } from './retry-condition';
import { fromMetadata, toMetadata } from './metadata';
import type { MethodTypes } from './proto-file-source';
import { callStream } from './stream-call';
import { callUnary } from './unary-call';
import { GRPC_DEADLINE_EXCEEDED } from '../../errors/codes';

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
  const codec = parts.codecOf(root, format);
  const method = findMethod(source, methods, site.warn);
  const kind = typeOf(definition);
  const anyPaths = [...ALWAYS_DECODED, ...(definition.encodedFields ?? [])].map((path) =>
    path.split('.'),
  );
  const isRetryable = compileGrpcRetryCondition(config);
  const clients = new WeakMap<Call, PooledClient>();
  if (site.endpoint !== undefined) parts.credentials.resolve(definition, site.endpoint);

  function decode(type: MethodTypes['response'], call: Call, bytes: Buffer): unknown {
    call.trace.response.bytes += bytes.length;
    const message = codec.decode(type, bytes);
    return format === 'loader' ? decodeAnyAt(message, anyPaths, codec) : message;
  }

  function createExchange({ call, endpoint, headers }: TransportRequest, found: MethodTypes) {
    const address = typeof endpoint === 'string' ? endpoint : endpoint.path;
    const credentials = parts.credentials.resolve(definition, endpoint);
    const options = parts.optionsOf(endpoint);
    return (attempt: Attempt): Exchange => {
      const client = pool.clientFor({
        address,
        protoKey: definition.protoKey,
        credentials,
        options,
      });
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
    const found = checkCall(source, method, call);
    const path = typeof endpoint === 'string' ? endpoint : endpoint.path;
    const { body = {} } = request.params;
    const { action, protoKey } = definition;
    const grpc = { protokey: protoKey, protopath: protoPathOf(definition) };
    const sent = { method: action, url: protoKey, endpoint: path, headers, authNames };
    call.trace.request = { ...sent, body, grpc };
    const exchangeFor = createExchange(request, found);
    if (kind !== 'unary') return (attempt) => sendStream(exchangeFor(attempt), call, body);
    const bytes = encodeBody(call, () => codec.encode(found.request, body ?? {}));
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
    const outcome = ended.then((error) => error && toGrpcFailure(error, call, root, codec));
    return Promise.resolve({ data: stream, headers: {}, ended: outcome });
  }

  return {
    open: (request) => new Promise((resolve) => resolve(prepare(request))),
    defaultHeaders: defaultMetadata,
    configuredHeaders: () => undefined,
    timeoutMs: () => config.timeout,
    upstreamOf: (endpoint) => (typeof endpoint === 'string' ? endpoint : endpoint.path),
    isRetryable,
    retryAfterMs: readPushbackMs,
    toCallError(error, call) {
      if (isServiceError(error)) readTrailers(call, fromMetadata(error.metadata));
      const client = clients.get(call);
      const isDeadline = isServiceError(error) && Number(error.code) === GRPC_DEADLINE_EXCEEDED;
      if (isDeadline && client && config.grpcRecreateService !== false) pool.renew(client);
      return Promise.resolve(toGrpcFailure(error, call, root, codec));
    },
  };
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

function findMethod(
  { definition }: Source,
  methods: ReadonlyMap<string, MethodTypes>,
  warn: CompileSite['warn'],
): MethodTypes | undefined {
  const { action, protoKey } = definition;
  const method = methods.get(action);
  if (!method) {
    warn(`the service ${protoKey} has no method ${action}`);
    return undefined;
  }
  const kind = typeOf(definition);
  const isExpected =
    method.requestStream === (kind === 'clientStream' || kind === 'bidi') &&
    method.responseStream === (kind === 'serverStream' || kind === 'bidi');
  if (!isExpected) throw new Error(`the method ${protoKey}.${action} is not of the type ${kind}`);
  return method;
}

/** What makes a call impossible, found before anything is sent. */
function checkCall(source: Source, method: MethodTypes | undefined, call: Call): MethodTypes {
  const { definition, service } = source;
  const kind = typeOf(definition);
  if (!method) {
    const failure = createFailure(call, {
      status: 400,
      code: 'GRPC_ACTION_NOT_FOUND',
      text: 'unknownAction',
    });
    failure.error.message = `Not found action ${definition.action} in ${service}`;
    throw failure;
  }
  if (kind !== 'unary' && call.origin === 'http') {
    throw createFailure(call, {
      status: 501,
      code: 'STREAM_NOT_SUPPORTED',
      text: 'streamNotSupported',
    });
  }
  if (kind === 'clientStream' && typeof call.callback !== 'function') {
    throw createFailure(call, {
      status: 400,
      code: 'ACTION_CALLBACK_REQUIRED',
      text: 'callbackRequired',
    });
  }
  return method;
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
