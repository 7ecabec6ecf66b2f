import { CLOSED } from '../../call/abort-failure';
import { JsonBytes } from '../../call/call';
import type { Call } from '../../call/call';
import type { SentRequest } from '../../call/call-trace';
import { createFailure } from '../../call/failure';
import { toMessageStream } from '../../call/message-stream';
import { BuildFault } from '../../call/transport';
import type {
  Attempt,
  CompiledTransport,
  CompileSite,
  Send,
  TransportRequest,
  TransportResponse,
} from '../../call/transport';
import type { GatewayCallError } from '../../errors/gateway-error';
import { GRPC_CANCELLED } from '../../errors/codes';
import { redactUrl } from '../../headers/sensitive';
import type { ActionEndpoint, GrpcDefinition } from '../../schema/definitions';
import { pathOf } from '../../schema/endpoints';
import type { ActionSource } from '../../schema/walk';
import { isGrpcAddress } from './address';
import { ALWAYS_DECODED, decodeAnyAt } from './any-message';
import { readCallOptions } from './call-options';
import type { PooledClient } from './client-pool';
import { compileConnect } from './compile-connect';
import type { Connect } from './compile-connect';
import { compileLookup } from './compile-lookup';
import type { BoundMethod } from './compile-lookup';
import { encodeBody } from './encode-body';
import type { Exchange } from './exchange';
import { assertCallable, assertFound } from './find-method';
import { isReflected, typeOf } from './grpc-definition';
import { hasGrpcCode, isDeadline, toGrpcFailure } from './grpc-error';
import type { GrpcParts } from './grpc-parts';
import { compileGrpcRetryCondition, readPushbackMs } from './retry-condition';
import { defaultMetadata, fromMetadata, toMetadata } from './metadata';
import { isServiceError } from './service-error';
import { callStream } from './stream-call';
import { callUnary } from './unary-call';
import type { Type } from 'protobufjs';

type Source = ActionSource<GrpcDefinition>;

/** Compiles one gRPC action. Throws for a file, import or service that is not there, and for bad certificates. */
export function compileGrpc(
  source: Source,
  site: CompileSite,
  parts: GrpcParts,
): CompiledTransport {
  const { definition } = source;
  const { config, pool } = parts;
  const lookup = compileLookup(source, site, parts);
  const connectTo = compileConnect(source, parts);
  const describe = compileDescription(definition);
  const kind = typeOf(definition);
  const isLoaderFormat = (definition.jsonFormat ?? config.jsonFormat ?? 'loader') === 'loader';
  const canKeepJson = kind === 'unary' && definition.transformResponseData === undefined;
  const anyPaths = [...ALWAYS_DECODED, ...(definition.encodedFields ?? [])].map((path) =>
    path.split('.'),
  );
  const running = new WeakMap<Call, { client: PooledClient; bound?: BoundMethod }>();
  assertAddress(site.endpoint);
  parts.credentials.check(definition, site.endpoint);

  function prepare(request: TransportRequest): Send {
    const { call, endpoint } = request;
    if (lookup.known) assertFound(source, lookup.known.method, call);
    assertCallable(source, call);
    call.trace.request = describe(request);
    const connect = connectTo(call, endpoint);
    if (lookup.known) return bind(lookup.known, request, connect);
    let bound: BoundMethod | undefined;
    return async (attempt) => {
      const startedMs = performance.now();
      bound ??= await find(request, attempt, connect);
      const timeoutMs = Math.max(1, attempt.timeoutMs - (performance.now() - startedMs));
      const { number, ending, signal } = attempt;
      return bind(bound, request, connect)({ number, ending, signal, timeoutMs });
    };
  }

  function find({ call, endpoint }: TransportRequest, attempt: Attempt, connect: Connect) {
    const client = connect();
    running.set(call, { client });
    const symbol = { address: pathOf(endpoint), protoKey: definition.protoKey };
    return lookup.find({ symbol, client }, attempt);
  }

  function bind(bound: BoundMethod, request: TransportRequest, connect: Connect): Send {
    const { call, params } = request;
    const { body = {} } = params;
    const { codec, method } = bound;
    assertFound(source, method, call);
    const exchangeFor = (attempt: Attempt): Exchange => {
      const client = connect();
      running.set(call, { client, bound });
      return {
        client,
        method,
        metadata: toMetadata(request.headers),
        options: readCallOptions(attempt, call, definition),
        ending: attempt.ending,
        decode: (bytes) => decode(bound, method.response, { call, bytes }),
        encode: (message) => codec.encode(method.request, message ?? {}),
      };
    };
    if (kind !== 'unary') {
      const first = (exchange: Exchange) => encodeBody(call, () => exchange.encode(body));
      return (attempt) => sendStream(exchangeFor(attempt), call, first);
    }
    const bytes = encodeBody(call, () => codec.encode(method.request, body ?? {}));
    return async (attempt) => {
      call.trace.response.bytes = 0;
      const { data, trailers } = await callUnary(exchangeFor(attempt), bytes);
      return { data, headers: readTrailers(call, fromMetadata(trailers)) };
    };
  }

  function decode(bound: BoundMethod, type: Type, { call, bytes }: { call: Call; bytes: Buffer }) {
    call.trace.response.bytes += bytes.length;
    const json = call.acceptsBytes && canKeepJson ? bound.codec.toJson(type, bytes) : undefined;
    if (json) return new JsonBytes(json);
    const message = bound.codec.decode(type, bytes);
    return isLoaderFormat ? decodeAnyAt(message, anyPaths, bound.codec) : message;
  }

  function sendStream(
    exchange: Exchange,
    call: Call,
    first: (exchange: Exchange) => Buffer,
  ): Promise<TransportResponse> {
    if (kind === 'unary') throw new TypeError('not a stream');
    const request = () => first(exchange);
    const { stream, ended } = callStream(exchange, kind, request, call.callback as never);
    const { ending } = exchange;
    const outcome = ended.then((error) => {
      return error && toFailure(ending.reason ?? error, call);
    });
    return Promise.resolve({ data: toMessageStream(stream, outcome), headers: {} });
  }

  /** What ended a call, of any kind. After a deadline the next call gets a new client. */
  function toFailure(error: unknown, call: Call): GatewayCallError {
    if (isServiceError(error)) readTrailers(call, fromMetadata(error.metadata));
    if (pool.isClosed && hasGrpcCode(error, GRPC_CANCELLED)) {
      return createFailure(call, { ...CLOSED, cause: error });
    }
    const { client, bound } = running.get(call) ?? {};
    if (client && isDeadline(error) && config.grpcRecreateService !== false) pool.renew(client);
    return toGrpcFailure(error, call, bound);
  }

  return {
    open: (request) => new Promise((resolve) => resolve(prepare(request))),
    defaultHeaders: defaultMetadata,
    configuredHeaders: () => undefined,
    timeoutMs: () => config.timeout,
    upstreamOf: pathOf,
    isRetryable: compileGrpcRetryCondition(config),
    retryAfterMs: readPushbackMs,
    toCallError: (error, call) => Promise.resolve(toFailure(error, call)),
  };
}

/** What a function chooses is known only when it is called. */
function assertAddress(endpoint: ActionEndpoint | undefined): void {
  if (endpoint === undefined || isGrpcAddress(pathOf(endpoint))) return;
  const shown = redactUrl(pathOf(endpoint));
  throw new BuildFault('INVALID_ENDPOINT', `its endpoint is no gRPC address host:port: ${shown}`);
}

/** What logs, stats and debug headers are told of a request. */
function compileDescription(definition: GrpcDefinition) {
  const { action, protoKey } = definition;
  const protopath = isReflected(definition) ? undefined : definition.protoPath;
  const grpc = { protokey: protoKey, ...(protopath !== undefined && { protopath }) };
  return ({ headers, authNames, endpoint, params }: TransportRequest): SentRequest => {
    const { body = {} } = params;
    const place = { method: action, url: protoKey, endpoint: pathOf(endpoint) };
    return { ...place, headers, authNames, body, grpc };
  };
}

function readTrailers(call: Call, trailers: Record<string, string | string[]>) {
  Object.assign(call.trace.response, { metadata: trailers });
  return trailers;
}
