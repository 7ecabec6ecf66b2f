export { getGatewayControllers } from './gateway';
export { aggregate } from './aggregation/aggregate';
export { optional, required } from './aggregation/part';
export { settle } from './aggregation/settle';
export { getTypedApiFactory } from './api/typed-api-factory';
export { AppError } from './errors/app-error';
export { toFetchHandler } from './adapters/fetch/fetch-handler';
export { gatewayPlugin } from './vite-plugin';
export { GatewayCallError } from './errors/gateway-error';
export { bearerAuth } from './interceptors/bearer-auth/bearer-auth';
export { jwtAuth } from './interceptors/bearer-auth/jwt-auth';
export { rateLimit } from './interceptors/rate-limit/rate-limit';
export { delay, fail } from './mocks/mock-answers';
export { DEFAULT_VALIDATION_SCHEMA } from './interceptors/validate-args/default-schema';
export { defineSchema, grpc, mixed, proxy, rest } from './schema/define';
export { GrpcReflection } from './schema/definitions';
export { isRetryableGrpcError } from './transports/grpc/retryable-error';
export {
  getCachedReflectionRoot,
  getReflectionRoot,
} from './transports/grpc/lazy-reflection-roots';
export type { ExtensionProtos } from './transports/grpc/reflection/reflection-roots';

export type {
  FetchHandler,
  FetchHandlerOptions,
  FetchRequestFacts,
} from './adapters/fetch/fetch-handler';
export type { GatewayPluginOptions } from './vite-plugin';
export type { GatewayVitePlugin } from './adapters/vite/vite-types';
export type { MockDelay, MockError, MockFailure } from './mocks/mock-answers';
export type { Mock, Mocks } from './mocks/mock-types';
export type { BearerAuthOptions, BearerOptions } from './interceptors/bearer-auth/bearer-auth';
export type { JwtAuthOptions, JwtPayload } from './interceptors/bearer-auth/jwt-auth';
export type { JwtKeyOptions } from './interceptors/bearer-auth/jwt-key-options';
export type { UserHeader } from './interceptors/bearer-auth/user-headers';
export type {
  RateLimitOptions,
  RateLimitStore,
} from './interceptors/rate-limit/rate-limit-options';
export type { AggregateOptions } from './aggregation/aggregate';
export type { OptionalPartOptions, Part, PartFunction, PartOptions } from './aggregation/part';
export type { PartError } from './aggregation/part-failure';
export type { PartExtra, Settled } from './aggregation/settle';
export type { ControllerType } from './adapters/express/express-controller';
export type {
  ApiActionConfig,
  ApiByScope,
  ApiWithRoot,
  ContextApi,
  ContextApiByScope,
  ContextApiWithRoot,
  GatewayActionClientStreamResponse,
  GatewayActionDuplexStreamResponse,
  GatewayActionServerStreamResponse,
  GatewayActionUnaryResponse,
  GatewayApi,
} from './api/api-types';
export type {
  AxiosInterceptorsConfig,
  GatewayConfig,
  Limits,
  OnBeforeAction,
  SendStats,
  Stats,
} from './config/gateway-config';
export type { Action, ActionKind, CallHandler } from './call/action';
export type { Call, CallClient, CallOrigin, CallResult, CallState } from './call/call';
export type { Interceptor } from './call/interceptor';
export type {
  ErrorMiddleware,
  GatewayRequest,
  GatewayResponse,
  HandlerMiddleware,
  HookRequest,
  HookResponse,
} from './config/hook-types';
export type { GatewayContext, GatewayContextParams, GatewayContextUtils, Logger } from './context';
export type { AppErrorArgs, AppErrorConstructor, AppErrorWrapArgs } from './errors/app-error';
export type { GatewayError, GatewayErrorDetails } from './errors/gateway-error';
export type { CloseOptions, Gateway } from './gateway';
export type {
  ForwardedHeaders,
  ProxyHeaders,
  ProxyHeadersFunction,
  ProxyHeadersFunctionExtra,
} from './headers/proxy-headers';
export type {
  ProxyResponseHeaders,
  ProxyResponseHeadersFunction,
} from './headers/proxy-response-headers';
export type {
  ActionEndpoint,
  ApiServiceActionConfig,
  ApiServiceBaseActionConfig,
  ApiServiceFileGrpcActionConfig,
  ApiServiceGrpcActionConfig,
  ApiServiceMixedActionConfig,
  ApiServiceMixedExtra,
  ApiServiceReflectGrpcActionConfig,
  ApiServiceRestActionConfig,
  AxiosRetryCondition,
  BaseSchema,
  Dict,
  EndpointsConfig,
  ExtendedActionEndpoint,
  ExtendedGrpcActionEndpoint,
  ExtendedRestActionEndpoint,
  GetAuthArgs,
  GetAuthHeaders,
  GetAuthHeadersParams,
  GrpcContext,
  GrpcRetryCondition,
  Headers,
  MixedOptions,
  ParamsOutput,
  ResponseContentType,
  ResponseError,
  SchemasByScope,
} from './schema/definitions';
export type { ApiServiceProxyActionConfig, ProxyArgs } from './schema/proxy-definition';
export type { ApiActionParams, ApiActionResponseType } from './schema/infer';
