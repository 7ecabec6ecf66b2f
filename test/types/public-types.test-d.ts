import { expectTypeOf } from 'expect-type';
import type { IncomingHttpHeaders } from 'node:http';
import type {
  ActionEndpoint,
  ApiActionConfig,
  ApiActionParams,
  ApiActionResponseType,
  ApiByScope,
  ApiServiceActionConfig,
  ApiServiceBaseActionConfig,
  ApiServiceFileGrpcActionConfig,
  ApiServiceGrpcActionConfig,
  ApiServiceMixedActionConfig,
  ApiServiceMixedExtra,
  ApiServiceReflectGrpcActionConfig,
  ApiServiceRestActionConfig,
  ApiWithRoot,
  AppErrorArgs,
  AppErrorConstructor,
  AppErrorWrapArgs,
  AxiosInterceptorsConfig,
  AxiosRetryCondition,
  BaseSchema,
  ContextApi,
  ContextApiByScope,
  ContextApiWithRoot,
  ControllerType,
  Dict,
  EndpointsConfig,
  ExtendedActionEndpoint,
  ExtendedGrpcActionEndpoint,
  ExtendedRestActionEndpoint,
  GatewayActionClientStreamResponse,
  GatewayActionDuplexStreamResponse,
  GatewayActionServerStreamResponse,
  GatewayActionUnaryResponse,
  GatewayApi,
  GatewayConfig,
  GatewayContext,
  GatewayContextParams,
  GatewayError,
  GatewayRequest,
  GatewayResponse,
  GetAuthHeaders,
  GetAuthHeadersParams,
  GrpcRetryCondition,
  Headers,
  ParamsOutput,
  ProxyHeaders,
  ProxyHeadersFunction,
  ProxyHeadersFunctionExtra,
  ProxyResponseHeaders,
  ProxyResponseHeadersFunction,
  ResponseContentType,
  ResponseError,
  SchemasByScope,
  SendStats,
  Stats,
} from '../../lib';

interface Ctx extends GatewayContext {
  mine: 'ctx';
}
interface Req extends GatewayRequest<Ctx> {
  mine: 'req';
}
interface Res extends GatewayResponse {
  mine: 'res';
}
type Output = { output: 1 };
type Params = { params: 1 };
type Transformed = { transformed: 1 };

type Hooks<Definition extends ApiServiceBaseActionConfig> = {
  args: Parameters<NonNullable<Definition['params']>>[0];
  ctx: Parameters<NonNullable<Definition['params']>>[2]['ctx'];
  data: Parameters<NonNullable<Definition['transformResponseData']>>[0];
  result: Awaited<ReturnType<NonNullable<Definition['transformResponseData']>>>;
};
type Expected = { args: Params; ctx: Ctx; data: Output; result: Transformed };

// Actions: <Context, Output, Params, Transformed>

type Base = ApiServiceBaseActionConfig<Ctx, Output, Params, Transformed>;
type Rest = ApiServiceRestActionConfig<Ctx, Output, Params, Transformed>;
type Grpc = ApiServiceGrpcActionConfig<Ctx, Output, Params, Transformed>;
type FileGrpc = ApiServiceFileGrpcActionConfig<Ctx, Output, Params, Transformed>;
type ReflectGrpc = ApiServiceReflectGrpcActionConfig<Ctx, Output, Params, Transformed>;

expectTypeOf<Hooks<Base>>().toEqualTypeOf<Expected>();
expectTypeOf<Hooks<Rest>>().toEqualTypeOf<Expected>();
expectTypeOf<Hooks<Grpc>>().toEqualTypeOf<Expected>();
expectTypeOf<Hooks<FileGrpc>>().toEqualTypeOf<Expected>();
expectTypeOf<Hooks<ReflectGrpc>>().toEqualTypeOf<Expected>();
expectTypeOf<FileGrpc['protoPath']>().toEqualTypeOf<string>();

// Mixed actions and their union: <Context, Req, Res, Output, Params, Transformed>

type Mixed = ApiServiceMixedActionConfig<Ctx, Req, Res, Output, Params, Transformed>;
type Any = ApiServiceActionConfig<Ctx, Req, Res, Output, Params, Transformed>;

expectTypeOf<Parameters<Mixed>[1]>().toEqualTypeOf<Params>();
expectTypeOf<Parameters<Mixed>[2]>().toEqualTypeOf<ApiServiceMixedExtra<Ctx, Req, Res>>();
expectTypeOf<Awaited<ReturnType<Mixed>>>().toEqualTypeOf<Transformed>();
expectTypeOf<Any>().toEqualTypeOf<Rest | Grpc | Mixed>();
expectTypeOf<ApiServiceMixedExtra<Ctx>['ctx']>().toEqualTypeOf<Ctx>();
expectTypeOf<ApiServiceMixedExtra['headers']>().toEqualTypeOf<IncomingHttpHeaders>();
expectTypeOf<ApiActionParams<Rest>>().toEqualTypeOf<Params>();
expectTypeOf<ApiActionResponseType<Rest>>().toEqualTypeOf<Transformed>();

// Config and hooks: <Context, Req, Res>

type Config = GatewayConfig<Ctx, Req, Res>;

expectTypeOf<Parameters<NonNullable<Config['onBeforeAction']>>[0]>().toEqualTypeOf<Req>();
expectTypeOf<Parameters<NonNullable<Config['onRequestFailed']>>[1]>().toEqualTypeOf<Res>();
expectTypeOf<Parameters<NonNullable<Config['onRequestFailed']>>[2]>().toEqualTypeOf<GatewayError>();
expectTypeOf<Parameters<SendStats<Ctx>>[0]>().toEqualTypeOf<Stats>();
expectTypeOf<Parameters<SendStats<Ctx>>[2]>().toEqualTypeOf<Ctx>();
expectTypeOf<GatewayRequest<Ctx>['ctx']>().toEqualTypeOf<Ctx | undefined>();
expectTypeOf<Parameters<ControllerType<Req, Res>>>().toEqualTypeOf<[Req, Res]>();
expectTypeOf<ReturnType<ControllerType>>().toEqualTypeOf<Promise<void>>();
expectTypeOf<Config['ErrorConstructor']>().toEqualTypeOf<AppErrorConstructor | undefined>();
expectTypeOf<ConstructorParameters<AppErrorConstructor>[1]>().toEqualTypeOf<
  AppErrorArgs | undefined
>();
expectTypeOf<Parameters<AppErrorConstructor['wrap']>[1]>().toEqualTypeOf<
  AppErrorWrapArgs | undefined
>();
expectTypeOf<Config['axiosInterceptors']>().toEqualTypeOf<AxiosInterceptorsConfig | undefined>();
expectTypeOf<Config['axiosRetryCondition']>().toEqualTypeOf<AxiosRetryCondition | undefined>();
expectTypeOf<Config['grpcRetryCondition']>().toEqualTypeOf<GrpcRetryCondition | undefined>();
expectTypeOf<Config['expectedResponseContentType']>().toEqualTypeOf<
  ResponseContentType | undefined
>();
expectTypeOf<Parameters<GatewayContext['create']>[1]>().toEqualTypeOf<
  GatewayContextParams | undefined
>();

// Headers

expectTypeOf<Parameters<GetAuthHeaders<Params>>[0]>().toEqualTypeOf<GetAuthHeadersParams<Params>>();
expectTypeOf<GetAuthHeadersParams<Params>['authArgs']>().toEqualTypeOf<Params | undefined>();
expectTypeOf<GetAuthHeadersParams['actionType']>().toEqualTypeOf<'rest' | 'grpc'>();
expectTypeOf<ProxyHeadersFunction>().toExtend<ProxyHeaders>();
expectTypeOf<string[]>().toExtend<ProxyHeaders>();
expectTypeOf<Parameters<ProxyHeadersFunction>[2]>().toEqualTypeOf<ProxyHeadersFunctionExtra>();
expectTypeOf<ProxyResponseHeadersFunction>().toExtend<ProxyResponseHeaders>();
expectTypeOf<string[]>().toExtend<ProxyResponseHeaders>();
expectTypeOf<{ 'x-a': string }>().toExtend<Headers>();

// Endpoints and schemas

expectTypeOf<ActionEndpoint>().toEqualTypeOf<string | ExtendedActionEndpoint>();
expectTypeOf<ExtendedActionEndpoint>().toEqualTypeOf<
  ExtendedRestActionEndpoint | ExtendedGrpcActionEndpoint
>();
expectTypeOf<EndpointsConfig[string]>().toEqualTypeOf<ActionEndpoint>();
expectTypeOf<SchemasByScope[string]>().toEqualTypeOf<BaseSchema>();
expectTypeOf<Rest>().toExtend<BaseSchema[string]['actions'][string]>();
expectTypeOf<ReturnType<NonNullable<Rest['params']>>>().toExtend<
  ParamsOutput | Promise<ParamsOutput>
>();
expectTypeOf<
  Parameters<NonNullable<Rest['transformResponseError']>>[0]
>().toEqualTypeOf<ResponseError>();

// The api: calls are <Context, Request, Response>

type Call = ApiActionConfig<Ctx, Params, Output>;
type Schemas = { root: { users: { actions: { get: Rest } } } };

expectTypeOf<Call['ctx']>().toEqualTypeOf<Ctx | undefined>();
expectTypeOf<Call['args']>().toEqualTypeOf<Params | undefined>();
expectTypeOf<Parameters<NonNullable<Call['callback']>>>().toEqualTypeOf<[Output]>();
expectTypeOf<Dict<number>>().toEqualTypeOf<Record<string, number>>();
expectTypeOf<GatewayActionUnaryResponse<Output>['responseData']>().toEqualTypeOf<Output>();
expectTypeOf<GatewayActionServerStreamResponse<Output>>().toHaveProperty('stream');
expectTypeOf<GatewayActionClientStreamResponse<Params>>().toHaveProperty('stream');
expectTypeOf<GatewayActionDuplexStreamResponse<Params, Output>>().toHaveProperty('stream');
expectTypeOf<ApiByScope<Schemas>>().toHaveProperty('root');
expectTypeOf<ApiWithRoot<Schemas>>().toHaveProperty('users');
expectTypeOf<GatewayApi<Schemas>>().toHaveProperty('users');
expectTypeOf<ContextApi<Schemas['root']>>().toHaveProperty('users');
expectTypeOf<ContextApiByScope<Schemas>>().toHaveProperty('root');
expectTypeOf<ContextApiWithRoot<Schemas>>().toHaveProperty('users');
