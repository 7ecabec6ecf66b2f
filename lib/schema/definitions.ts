import type { ChannelCredentials } from '@grpc/grpc-js';
import type { AxiosRequestConfig, AxiosResponse, ResponseType } from 'axios';
import type { IncomingHttpHeaders } from 'node:http';
import type { IAxiosRetryConfig } from 'axios-retry';
import type { GatewayContext } from '../context';
import type { GatewayConfig } from '../config/gateway-config';
import type { GatewayError } from '../errors/gateway-error';
import type { HeadersInput } from '../headers/header-record';
import type { ProxyHeaders } from '../headers/proxy-headers';
import type { ProxyResponseHeaders } from '../headers/proxy-response-headers';
import type { ApiServiceProxyActionConfig } from './proxy-definition';
import type { CallState, HookRequest, HookResponse, Interceptor } from '../config/hook-types';

/** A plain dictionary. */
export type Dict<T = any> = Record<string, T>;
export type Headers = Dict;
/** What the host framework, or the user, gives a type to. */
export type Untyped = any;
export type MaybePromise<T> = T | Promise<T>;

/** Where inferred types travel: never present at run time. */
declare const types: unique symbol;
export type CarriesTypes<Output, Params, Transformed> = {
  readonly [types]?: { output: Output; params: Params; transformed: Transformed };
};

// Endpoints

export interface ExtendedRestActionEndpoint {
  path: string;
  /** Merged over the config's `axiosConfig` for calls to this endpoint. */
  axiosConfig?: AxiosRequestConfig;
}

export interface CertificatePaths {
  caCertificatePath?: string | null;
  clientCertificatePath?: string | null;
  clientKeyPath?: string | null;
}

export interface ExtendedGrpcActionEndpoint extends CertificatePaths {
  path: string;
  insecure?: boolean;
  secureWithoutRootCert?: boolean;
  grpcOptions?: Dict;
}

export type ExtendedActionEndpoint = ExtendedRestActionEndpoint | ExtendedGrpcActionEndpoint;
export type ActionEndpoint = string | ExtendedActionEndpoint;
/** The endpoints of one installation and environment, by name. */
export type EndpointsConfig = Readonly<Record<string, ActionEndpoint>>;
export type InstallationEndpoints = Readonly<
  Record<string, Readonly<Record<string, EndpointsConfig>>>
>;
/** One endpoint for every installation and environment, or a map of them. */
export type ServiceEndpoints = ActionEndpoint | InstallationEndpoints;

// Hooks of actions

export interface ParamsOutput {
  body?: unknown;
  query?: unknown;
  headers?: HeadersInput;
}

export interface GetAuthHeadersParams<AuthArgs = any> {
  actionType: 'rest' | 'grpc';
  serviceName: string;
  requestHeaders: IncomingHttpHeaders;
  authArgs: AuthArgs | undefined;
  /** What interceptors have learned of the call, such as a verified user. */
  state: CallState;
}

export type GetAuthHeaders<AuthArgs = any> = (
  params: GetAuthHeadersParams<AuthArgs>,
) => MaybePromise<HeadersInput | undefined>;

/** What `transformResponseError` is given: the upstream's response, its body parsed. */
export type ResponseError = AxiosResponse<any>;
export type ResponseContentType = string | readonly string[];
export type AxiosRetryCondition = NonNullable<IAxiosRetryConfig['retryCondition']>;
export type GrpcRetryCondition = (error: any) => MaybePromise<boolean>;

export interface ApiServiceBaseActionConfig<
  Context extends GatewayContext = any,
  Output = any,
  Params = any,
  Transformed = Output,
> extends CarriesTypes<Output, Params, Transformed> {
  /**
   * What is sent. Default: nothing for REST, the args as the message for gRPC.
   * `headers`: for REST the merged headers so far, for gRPC those of the request.
   */
  params?: (
    args: Params,
    headers: IncomingHttpHeaders,
    options: { ctx: Context; state: CallState },
  ) => MaybePromise<ParamsOutput>;
  /** A name in the endpoints of the service, or a function that chooses one. */
  endpoint?: string | ((endpoints: any, args: Params) => MaybePromise<ActionEndpoint | undefined>);
  transformResponseData?: (
    data: Output,
    options: { args: Params; ctx: Context; headers: HeadersInput },
  ) => Transformed | Promise<Transformed>;
  transformResponseError?: (
    response: ResponseError,
    options: { args: Params; ctx: Context },
  ) => MaybePromise<Partial<GatewayError> | undefined>;
  /** JSON Schema of the args, compiled when the gateway is built. */
  validationSchema?: object;
  /** Milliseconds. Default: the config's. */
  timeout?: number;
  /** How many times a failed call is repeated. Default 0. */
  retries?: number;
  /** The call may be repeated safely: an `idempotency-key` goes with it, the same for all attempts. */
  idempotency?: boolean;
  proxyHeaders?: ProxyHeaders;
  proxyResponseHeaders?: ProxyResponseHeaders;
  getAuthHeaders?: GetAuthHeaders;
  /** Free data for tools; never sent. */
  metadata?: unknown;
  abortOnClientDisconnect?: boolean;
  /** Milliseconds over all attempts and pauses. */
  totalTimeout?: number;
  /** Inside of the service's and the config's. */
  interceptors?: readonly Interceptor[];
}

export type RestMethod = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS';

export interface ApiServiceRestActionConfig<
  Context extends GatewayContext = any,
  Output = any,
  Params = any,
  Transformed = Output,
> extends ApiServiceBaseActionConfig<Context, Output, Params, Transformed> {
  method: RestMethod | Lowercase<RestMethod>;
  /** The path below the endpoint. String args arrive encoded and checked (docs/path-arguments.md). */
  path: string | ((args: Params) => MaybePromise<string>);
  paramsSerializer?: AxiosRequestConfig['paramsSerializer'];
  responseType?: ResponseType;
  expectedResponseContentType?: ResponseContentType;
  maxRedirects?: number;
  axiosRetryCondition?: AxiosRetryCondition;
  /** Arguments that may contain slashes; each segment is checked and encoded by itself. */
  pathArgs?: Readonly<Record<string, 'segments'>>;
}

/** Where the description of a gRPC service comes from, when it is not a proto file. */
export enum GrpcReflection {
  /** Looked up once, and again where `reflectionRefreshSec` says so. */
  OnFirstRequest = 'onFirstRequest',
  /** Looked up before each call. */
  OnEveryRequest = 'onEveryRequest',
}

export type GrpcActionType = 'unary' | 'serverStream' | 'clientStream' | 'bidi';

export interface ApiServiceBaseGrpcActionConfig<
  Context extends GatewayContext = any,
  Output = any,
  Params = any,
  Transformed = Output,
>
  extends ApiServiceBaseActionConfig<Context, Output, Params, Transformed>, CertificatePaths {
  /** Full name of the service, with its package. */
  protoKey: string;
  /** Name of the method. */
  action: string;
  /** Default `unary`. */
  type?: GrpcActionType;
  insecure?: boolean;
  secureWithoutRootCert?: boolean;
  /** Dotted paths of response fields whose Any values are decoded; a last `.*` means every member. */
  encodedFields?: readonly string[];
  jsonFormat?: 'loader' | 'canonical';
  decodeAnyMessageProtoLoaderOptions?: Dict;
}

export interface ApiServiceFileGrpcActionConfig<
  Context extends GatewayContext = any,
  Output = any,
  Params = any,
  Transformed = Output,
> extends ApiServiceBaseGrpcActionConfig<Context, Output, Params, Transformed> {
  protoPath: string;
}

export interface ApiServiceReflectGrpcActionConfig<
  Context extends GatewayContext = any,
  Output = any,
  Params = any,
  Transformed = Output,
> extends ApiServiceBaseGrpcActionConfig<Context, Output, Params, Transformed> {
  reflection: GrpcReflection;
  /** Seconds after which what was learned is refreshed in the background. Default: never. */
  reflectionRefreshSec?: number;
}

export type ApiServiceGrpcActionConfig<
  Context extends GatewayContext = any,
  Output = any,
  Params = any,
  Transformed = Output,
> =
  | ApiServiceFileGrpcActionConfig<Context, Output, Params, Transformed>
  | ApiServiceReflectGrpcActionConfig<Context, Output, Params, Transformed>;

/** For functions that talk gRPC themselves. */
export interface GrpcContext {
  /** Of the config's certificate paths, else of the system's roots. */
  readonly credentials: ChannelCredentials;
}

/** The third argument of a mixed action. */
export interface ApiServiceMixedExtra<
  Context extends GatewayContext = GatewayContext,
  Req extends HookRequest<Context> = any,
  Res extends HookResponse = any,
> {
  headers: IncomingHttpHeaders;
  requestId: string;
  /** Primary language of the request, else `defaultLang`. */
  lang: string;
  ctx: Context;
  config: Readonly<GatewayConfig<Context, Req, Res>>;
  authArgs?: any;
  userId?: string;
  /** Fires when the call is cancelled. */
  abortSignal?: AbortSignal;
  /** What the gateway uses for gRPC. Reading it loads grpc-js. */
  readonly grpcContext: GrpcContext;
  sendStats: (stats: Dict, headers?: HeadersInput) => void;
}

export type ApiServiceMixedActionConfig<
  Context extends GatewayContext = any,
  Req extends HookRequest<Context> = any,
  Res extends HookResponse = any,
  Output = any,
  Params = any,
  Transformed = Output,
> = (
  api: any,
  args: Params,
  extra: ApiServiceMixedExtra<Context, Req, Res>,
) => Promise<Transformed> | Transformed;

/** The common options that apply to a function. */
export type MixedOptions<Params = any> = Pick<
  ApiServiceBaseActionConfig<any, any, Params>,
  'validationSchema' | 'timeout' | 'metadata' | 'abortOnClientDisconnect' | 'interceptors'
>;

export type ApiServiceActionConfig<
  Context extends GatewayContext = any,
  Req extends HookRequest<Context> = any,
  Res extends HookResponse = any,
  Output = any,
  Params = any,
  Transformed = any,
> =
  | ApiServiceRestActionConfig<Context, Output, Params, Transformed>
  | ApiServiceGrpcActionConfig<Context, Output, Params, Transformed>
  | ApiServiceMixedActionConfig<Context, Req, Res, Output, Params, Transformed>;

// The schema

export type GetAuthArgs<Req = any, Res = any> = (req: Req, res: Res) => unknown;

export interface ServiceDefinition {
  /** What hooks, contexts, tags and stats show. Default: the key. */
  serviceName?: string;
  endpoints?: ServiceEndpoints;
  actions: Readonly<Record<string, ApiServiceActionConfig | ApiServiceProxyActionConfig>>;
  getAuthHeaders?: GetAuthHeaders;
  getAuthArgs?: GetAuthArgs;
  /** Around every action of the service, inside of the config's. */
  interceptors?: readonly Interceptor[];
}

/** Services by key. */
export type BaseSchema = Readonly<Record<string, ServiceDefinition>>;
/** Schemas by scope. The services of `root` also hang directly on the api. */
export type SchemasByScope = Readonly<Record<string, BaseSchema>>;

export type RestDefinition = ApiServiceRestActionConfig;
export type GrpcDefinition = ApiServiceGrpcActionConfig;
export type MixedDefinition = ApiServiceMixedActionConfig;
export type ProxyDefinition = ApiServiceProxyActionConfig;
export type ActionDefinition = RestDefinition | GrpcDefinition | MixedDefinition | ProxyDefinition;
