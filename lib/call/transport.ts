import type { HeaderRecord, HeadersInput } from '../headers/header-record';
import type { ActionDefinition, ActionEndpoint, ParamsOutput } from '../schema/definitions';
import type { ActionSource } from '../schema/walk';
import type { GatewayCallError } from '../errors/gateway-error';
import type { Ending } from './abort';
import type { Call } from './call';

/** What step 4 of a call prepares: complete, checked, the same for all attempts. */
export interface TransportRequest {
  readonly call: Call;
  readonly endpoint: ActionEndpoint;
  readonly headers: HeaderRecord;
  readonly authNames: ReadonlySet<string>;
  readonly params: ParamsOutput;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

/** One of the tries of a request. */
export interface Attempt {
  /** 0 for the first. */
  readonly number: number;
  /** Milliseconds that this attempt may take. */
  readonly timeoutMs: number;
  /** Tells when the call is cancelled or its time is over. */
  readonly ending: Ending;
  /** The same, for what knows signals only. */
  readonly signal: AbortSignal;
}

export interface TransportResponse {
  readonly data: unknown;
  readonly headers: HeadersInput;
  readonly contentType?: string;
}

/** Sends one attempt; rejects with the client library's own error. */
export type Send = (attempt: Attempt) => Promise<TransportResponse>;

/** A definition compiled by a transport. */
export interface CompiledTransport {
  /** Milliseconds, unless call, action or endpoint say otherwise. */
  readonly timeoutMs: (endpoint: ActionEndpoint) => number;
  /** Step 2 of the header order: the gateway's own headers for this kind. */
  defaultHeaders(call: Call, endpoint: ActionEndpoint): HeaderRecord;
  /** Headers that configuration puts on every call to the endpoint. */
  configuredHeaders(endpoint: ActionEndpoint): HeadersInput | undefined;
  /** Does what is done once per call, such as building the URL; throws before anything is sent. */
  open(request: TransportRequest): Promise<Send>;
  /** Whether a failed attempt may be repeated; `retry` asks only while attempts are left. */
  isRetryable(error: unknown, request: TransportRequest): Promise<boolean>;
  /** Milliseconds that the upstream asked to wait before the next attempt, undefined without a wish. */
  retryAfterMs(error: unknown): number | undefined;
  /** Identity of the upstream, for its retry budget. */
  upstreamOf(endpoint: ActionEndpoint): string;
  /** The failure that a client error, or the early end of the call, means to the caller. */
  toCallError(error: unknown, call: Call): Promise<GatewayCallError>;
}

/** A mistake in a definition or its endpoint, found when it is compiled. */
export class BuildFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Where a definition stands when it is compiled. */
export interface CompileSite {
  /** The endpoint that its calls will have, where that is known before a call. */
  readonly endpoint: ActionEndpoint | undefined;
  readonly warn: (message: string) => void;
}

/** A way to reach backends. REST and gRPC are the two. */
export interface Transport {
  readonly kind: 'rest' | 'grpc';
  /** Names under which an endpoint is looked for, in order. */
  readonly endpointNames: readonly string[];
  accepts(definition: ActionDefinition): boolean;
  /** Called only for a definition that it accepts. Throws what is wrong with it, for build errors. */
  compile(source: ActionSource, site: CompileSite): CompiledTransport;
  close(): Promise<void>;
}
