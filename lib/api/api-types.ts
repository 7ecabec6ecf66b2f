import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { GatewayContext } from '../context';
import type { BaseSchema, Dict, SchemasByScope, ServiceDefinition } from '../schema/definitions';
import type { ApiActionParams, ApiActionResponseType, StreamKind } from '../schema/infer';

/** One call of an action through the api; everything but needed args may be left out. */
export interface ApiActionConfig<
  Context extends GatewayContext = any,
  Request = any,
  Response = any,
> {
  args?: Request;
  /** Default: a UUID. */
  requestId?: string;
  /** Default: none. */
  headers?: IncomingHttpHeaders;
  /** Default: a context that writes to the config's `logger`, or nowhere. */
  ctx?: Context;
  /** Milliseconds. */
  timeout?: number;
  retries?: number;
  /** For client streams: is given the response when it comes. */
  callback?: (response: Response) => void;
  authArgs?: any;
  userId?: string;
  /** Cancels the call. */
  abortSignal?: AbortSignal;
}

export interface GatewayActionUnaryResponse<Response = any> {
  responseData: Response;
  responseHeaders?: Dict<string | string[]>;
  debugHeaders: Dict<string>;
}

interface StreamResponse<Stream> {
  stream: Stream;
  debugHeaders: Dict<string>;
}

export type GatewayActionServerStreamResponse<_Response = any> = StreamResponse<Readable>;
export type GatewayActionClientStreamResponse<_Request = any> = StreamResponse<Writable>;
export type GatewayActionDuplexStreamResponse<
  _Request = any,
  _Response = any,
> = StreamResponse<Duplex>;

type ResultOf<T> = {
  unary: GatewayActionUnaryResponse<ApiActionResponseType<T>>;
  serverStream: GatewayActionServerStreamResponse<ApiActionResponseType<T>>;
  clientStream: GatewayActionClientStreamResponse<ApiActionParams<T>>;
  bidi: GatewayActionDuplexStreamResponse<ApiActionParams<T>, ApiActionResponseType<T>>;
}[StreamKind<T>];

type StreamOf<T> = {
  unary: ApiActionResponseType<T>;
  serverStream: Readable;
  clientStream: Writable;
  bidi: Duplex;
}[StreamKind<T>];

/** Whether the args may be left out: nothing in them is required. */
type IsOptional<Args> = undefined extends Args
  ? true
  : Record<never, never> extends Args
    ? true
    : false;

type CallParameters<T, Context extends GatewayContext> =
  IsOptional<ApiActionParams<T>> extends true
    ? [call?: ApiActionConfig<Context, ApiActionParams<T>, ApiActionResponseType<T>>]
    : [
        call: ApiActionConfig<Context, ApiActionParams<T>, ApiActionResponseType<T>> & {
          args: ApiActionParams<T>;
        },
      ];

type ArgsParameters<T> =
  IsOptional<ApiActionParams<T>> extends true
    ? [args?: ApiActionParams<T>]
    : [args: ApiActionParams<T>];

/** What the api has: a proxy serves only the requests of its own handler. */
type Callable<Actions, Name extends keyof Actions> = Actions[Name] extends { kind: 'proxy' }
  ? never
  : Name;

/** The names of the proxies among actions; any name where the schema is not known. */
export type ProxyNames<Actions> = {
  [Name in keyof Actions]: Actions[Name] extends { kind: infer Kind }
    ? 'proxy' extends Kind
      ? Name
      : never
    : string extends Name
      ? Name
      : never;
}[keyof Actions] &
  string;

/** The signatures stand here without a name of their own, so that editors show them. */
type ApiService<Service extends ServiceDefinition, Context extends GatewayContext> = {
  [Name in keyof Service['actions'] as Callable<Service['actions'], Name>]: (
    ...parameters: CallParameters<Service['actions'][Name], Context>
  ) => Promise<ResultOf<Service['actions'][Name]>>;
};

type ApiScope<Schema extends BaseSchema, Context extends GatewayContext> = {
  [Key in keyof Schema]: ApiService<Schema[Key], Context>;
};

type RootOf<Schemas extends SchemasByScope> = Schemas extends {
  root: infer Root extends BaseSchema;
}
  ? Root
  : Record<never, never>;

/** scope.service.action. */
export type ApiByScope<
  Schemas extends SchemasByScope,
  Context extends GatewayContext = GatewayContext,
> = { [Scope in keyof Schemas]: ApiScope<Schemas[Scope], Context> };

/** The services of `root` at the top, beside the scopes. */
export type ApiWithRoot<
  Schemas extends SchemasByScope,
  Context extends GatewayContext = GatewayContext,
> = ApiByScope<Schemas, Context> & ApiScope<RootOf<Schemas>, Context>;

/** The `api` of `getGatewayControllers`. */
export type GatewayApi<
  Schemas extends SchemasByScope,
  Context extends GatewayContext = GatewayContext,
> = ApiWithRoot<Schemas, Context>;

/** A client stream is told here too who is given its response. */
type ContextParameters<T> =
  StreamKind<T> extends 'clientStream'
    ? [
        args: ApiActionParams<T> | undefined,
        options: { callback: (response: ApiActionResponseType<T>) => void },
      ]
    : ArgsParameters<T>;

/** One scope of the api of mixed actions: functions take args and resolve to the response data. */
export type ContextApi<Schema extends BaseSchema> = {
  [Key in keyof Schema]: {
    [Name in keyof Schema[Key]['actions'] as Callable<Schema[Key]['actions'], Name>]: (
      ...parameters: ContextParameters<Schema[Key]['actions'][Name]>
    ) => Promise<StreamOf<Schema[Key]['actions'][Name]>>;
  };
};

export type ContextApiByScope<Schemas extends SchemasByScope> = {
  [Scope in keyof Schemas]: ContextApi<Schemas[Scope]>;
};

export type ContextApiWithRoot<Schemas extends SchemasByScope> = ContextApiByScope<Schemas> &
  ContextApi<RootOf<Schemas>>;
