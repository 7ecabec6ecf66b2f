import type { AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { GatewayContext, Logger } from '../context';
import type { AppErrorConstructor } from '../errors/app-error';
import type { GatewayError } from '../errors/gateway-error';
import type { ForwardedHeaders, ProxyHeaders } from '../headers/proxy-headers';
import type {
  ActionDefinition,
  AxiosRetryCondition,
  CertificatePaths,
  Dict,
  GetAuthArgs,
  GetAuthHeaders,
  GrpcRetryCondition,
  MaybePromise,
  ResponseContentType,
  Untyped,
} from '../schema/definitions';
import type {
  ErrorMiddleware,
  GatewayRequest,
  GatewayResponse,
  HandlerMiddleware,
  HookRequest,
  HookResponse,
  Interceptor,
} from './hook-types';

/** One record per call, success or failure (docs/observability.md). */
export interface Stats {
  service: string;
  action: string;
  restStatus: number;
  /** The gRPC status code, for gRPC actions. */
  grpcStatus?: number;
  /** Bytes of the upstream's answer as read; of a stream, what was streamed. */
  responseSize: number;
  requestId: string;
  /** Milliseconds. */
  requestTime: number;
  /** HTTP method, gRPC method, or '' for mixed actions. */
  requestMethod: string;
  /** URL without query, protoKey, or '' for mixed actions. */
  requestUrl: string;
  /** Milliseconds since the epoch, when the call began. */
  timestamp: number;
  userId?: string;
  traceId: string;
}

export type SendStats<Context extends GatewayContext = GatewayContext> = (
  stats: Stats,
  headers: Dict,
  ctx: Context,
  extra: { debugHeaders: Dict<string> },
) => unknown;

export interface AxiosInterceptorsConfig {
  request?: readonly {
    callback: (
      config: InternalAxiosRequestConfig,
    ) => InternalAxiosRequestConfig | Promise<InternalAxiosRequestConfig>;
    errorCallback?: (error: unknown) => unknown;
  }[];
  response?: readonly {
    callback: (response: AxiosResponse) => AxiosResponse | Promise<AxiosResponse>;
    errorCallback?: (error: unknown) => unknown;
  }[];
}

/** Upper bounds with safe defaults (docs/limits.md). */
export interface Limits {
  /** Connections per upstream origin. Default 256. */
  upstreamSockets?: number;
  /** Calls per origin that may wait for a connection; more are answered 503. Default 20,000. */
  queue?: number;
  /** Decoded bytes of a response; `axiosConfig.maxContentLength` wins. Default 100 MiB. */
  responseBytes?: number;
  /** Content codings that one response may have. Default 5. */
  encodings?: number;
  /** Redirects of GET and HEAD; `maxRedirects` wins. Default 5. */
  redirects?: number;
  /** Bytes of one debug header. Default 2,048. */
  debugHeaderBytes?: number;
  /** Bytes of one log entry. Default 65,536. */
  logEntryBytes?: number;
  /** Depth to which messages are decoded. Default 100. */
  decodeDepth?: number;
  /** Retries per call to one upstream, beside 10 a second that are always allowed. Default 0.2. */
  retryRatio?: number;
  /** Milliseconds for one lookup of server reflection. Default 10,000. */
  reflectionTimeoutMs?: number;
}

export type OnBeforeAction<Req, Res> = (
  req: Req,
  res: Res,
  scope: string,
  service: string,
  action: string,
  actionConfig: ActionDefinition,
) => unknown;

/** The options of a gateway; every one may be left out. */
export interface GatewayConfig<
  Context extends GatewayContext = GatewayContext,
  Req extends HookRequest<Context> = GatewayRequest<Context>,
  Res extends HookResponse = GatewayResponse,
> extends CertificatePaths {
  /** Default: the environment's `APP_INSTALLATION`. */
  installation?: string;
  /** Default: the environment's `APP_ENV`. */
  env?: string;
  /** What the controller may call: `scope.*`, `scope.service.*`, `scope.service.action`. Default: all. */
  actions?: readonly string[];
  /** Milliseconds. Default 25,000. */
  timeout?: number;
  /** Milliseconds over all attempts and pauses. Default: none beside the timeout's rule. */
  totalTimeout?: number;
  axiosConfig?: AxiosRequestConfig;
  axiosInterceptors?: AxiosInterceptorsConfig;
  axiosRetryCondition?: AxiosRetryCondition;
  grpcRetryCondition?: GrpcRetryCondition;
  grpcOptions?: Dict;
  grpcRecreateService?: boolean;
  includeProtoRoots?: readonly string[];
  proxyHeaders?: ProxyHeaders;
  proxyDebugHeaders?: ProxyHeaders;
  /** Whether HTTP answers carry debug headers and debug facts. Default false. */
  withDebugHeaders?: boolean | ((req: Req, res: Res) => MaybePromise<boolean>);
  validationSchema?: object;
  /** Default true. The check of path arguments does not depend on it. */
  encodePathArgs?: boolean;
  expectedResponseContentType?: ResponseContentType;
  getAuthArgs?: GetAuthArgs<Req, Res>;
  getAuthHeaders?: GetAuthHeaders;
  /** Answers in place of the 404 of an unknown, private or not connected action. */
  onUnknownAction?: (req: Req, res: Res, target: { service: string; action?: string }) => unknown;
  onBeforeAction?: OnBeforeAction<Req, Res>;
  /** Answers in place of the default answer. */
  onRequestSuccess?: (req: Req, res: Res, data: Untyped) => unknown;
  /** Answers in place of the default error answer; sees the whole error, `debug` too. */
  onRequestFailed?: (req: Req, res: Res, error: GatewayError) => unknown;
  sendStats?: SendStats<Context>;
  ErrorConstructor?: AppErrorConstructor;
  /** Language of texts where `accept-language` names none that ships. Default `en`. */
  defaultLang?: string;
  /** Where warnings go, and the logs of calls that bring no ctx. Default: nowhere. */
  logger?: Logger;
  /** JSON that nobody transforms or reads is answered byte for byte. Default true. */
  passThrough?: boolean;
  jsonFormat?: 'loader' | 'canonical';
  /** Whether POST and PATCH are repeated after they may have been received. Default `idempotent`. */
  retryWrites?: 'idempotent' | 'always';
  /** Default false. */
  abortOnClientDisconnect?: boolean;
  /** What happens to X-Forwarded-For and X-Real-IP of the client's request. Default `pass`. */
  forwardedHeaders?: ForwardedHeaders;
  /** Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment count. Default false. */
  proxyFromEnv?: boolean;
  /**
   * Run in order once the action is found, before the before-hook; async or not. One that answers and
   * does not call `next` ends the request.
   */
  handlerMiddlewares?: readonly HandlerMiddleware[];
  /** Get every failure in order; `next(error)` hands on. The default answer is the last. */
  errorMiddlewares?: readonly ErrorMiddleware[];
  /** Milliseconds until a middleware that neither answers nor calls `next` is a 504. Default 30,000. */
  middlewareTimeoutMs?: number;
  /** Policies around every action, outside in (docs/interceptors.md). */
  interceptors?: readonly Interceptor[];
  /** Build warnings become errors. Default false. */
  strict?: boolean;
  /** Folder for descriptions of services, to boot from while their servers are away. Default: none. */
  reflectionSnapshot?: string;
  limits?: Limits;
}

/** A config of whatever types, as the inside of the gateway sees it. */
export type AnyGatewayConfig = GatewayConfig<Untyped, Untyped, Untyped>;
