import type { AnyGatewayConfig, Limits } from '../config/gateway-config';
import type { ResolvedConfig } from '../config/resolve-config';
import { isHeaderName, toHeaderValue } from '../headers/header-record';
import { GrpcReflection } from '../schema/definitions';
import type {
  ApiServiceBaseActionConfig,
  ApiServiceFileGrpcActionConfig,
  ApiServiceReflectGrpcActionConfig,
  ApiServiceRestActionConfig,
  MixedOptions,
  ServiceDefinition,
} from '../schema/definitions';
import type { ApiServiceProxyActionConfig } from '../schema/proxy-definition';

/** What a value must be, where that can be told when the gateway is built. */
export interface OptionRule {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** Every option of one place by name; null where any value is admitted here. */
export type OptionRules = Readonly<Record<string, OptionRule | null>>;
type RulesOf<Options> = Record<Extract<keyof Options, string>, OptionRule | null>;

const isNumber = (value: unknown) => typeof value === 'number' && value >= 0;

/** 0 and Infinity mean that there is no limit. */
const duration: OptionRule = { expected: 'a number of milliseconds from 0', accepts: isNumber };
const amount: OptionRule = { expected: 'a number from 0', accepts: isNumber };
const count: OptionRule = {
  expected: 'a whole number from 0',
  accepts: (value) => value === Infinity || (isNumber(value) && Number.isInteger(value)),
};
const positiveCount: OptionRule = {
  expected: 'a whole number from 1',
  accepts: (value) => value !== 0 && count.accepts(value),
};

/** It goes upstream as accept-language where the caller has none (RELIABILITY H1). */
const language: OptionRule = {
  expected: 'a language tag',
  accepts: (value) => typeof value === 'string' && Boolean(toHeaderValue(value)),
};

function oneOf(...names: readonly string[]): OptionRule {
  const expected = names.map((name) => JSON.stringify(name)).join(' or ');
  return { expected, accepts: (value) => names.includes(value as string) };
}

const functions: OptionRule = {
  expected: 'an array of functions',
  accepts: (value) => Array.isArray(value) && value.every((one) => typeof one === 'function'),
};

const jsonFormat = oneOf('loader', 'canonical');
const certificates = { caCertificatePath: null, clientCertificatePath: null, clientKeyPath: null };

export const LIMIT_RULES = {
  upstreamSockets: positiveCount,
  queue: count,
  responseBytes: amount,
  encodings: count,
  redirects: count,
  debugHeaderBytes: count,
  logEntryBytes: count,
  decodeDepth: count,
  retryRatio: amount,
  reflectionTimeoutMs: duration,
} satisfies RulesOf<Limits>;

/** Only what the gateway reads itself: the other options are axios's. */
export const AXIOS_RULES: OptionRules = { timeout: duration };

export const CONFIG_RULES = {
  ...certificates,
  installation: null,
  env: null,
  actions: null,
  timeout: duration,
  totalTimeout: duration,
  axiosConfig: null,
  axiosInterceptors: null,
  axiosRetryCondition: null,
  grpcRetryCondition: null,
  grpcOptions: null,
  grpcRecreateService: null,
  includeProtoRoots: null,
  proxyHeaders: null,
  proxyDebugHeaders: null,
  withDebugHeaders: null,
  validationSchema: null,
  encodePathArgs: null,
  expectedResponseContentType: null,
  getAuthArgs: null,
  getAuthHeaders: null,
  onUnknownAction: null,
  onBeforeAction: null,
  onRequestSuccess: null,
  onRequestFailed: null,
  sendStats: null,
  ErrorConstructor: null,
  defaultLang: language,
  logger: null,
  passThrough: null,
  jsonFormat,
  retryWrites: oneOf('idempotent', 'always'),
  abortOnClientDisconnect: null,
  forwardedHeaders: oneOf('pass', 'drop', 'append'),
  proxyFromEnv: null,
  strict: null,
  interceptors: functions,
  handlerMiddlewares: functions,
  errorMiddlewares: functions,
  middlewareTimeoutMs: duration,
  reflectionSnapshot: null,
  limits: null,
  endpointOverrides: null,
} satisfies RulesOf<AnyGatewayConfig & ResolvedConfig>;

export const SERVICE_RULES = {
  serviceName: null,
  endpoints: null,
  actions: null,
  getAuthHeaders: null,
  getAuthArgs: null,
  interceptors: functions,
} satisfies RulesOf<ServiceDefinition>;

const COMMON_RULES = {
  params: null,
  endpoint: null,
  transformResponseData: null,
  transformResponseError: null,
  validationSchema: null,
  timeout: duration,
  totalTimeout: duration,
  retries: count,
  idempotency: null,
  proxyHeaders: null,
  proxyResponseHeaders: null,
  getAuthHeaders: null,
  metadata: null,
  abortOnClientDisconnect: null,
  interceptors: functions,
} satisfies RulesOf<ApiServiceBaseActionConfig>;

const REST_RULES = {
  ...COMMON_RULES,
  method: null,
  path: null,
  paramsSerializer: null,
  responseType: null,
  expectedResponseContentType: null,
  maxRedirects: count,
  axiosRetryCondition: null,
  pathArgs: null,
} satisfies RulesOf<ApiServiceRestActionConfig>;

const GRPC_RULES = {
  ...COMMON_RULES,
  ...certificates,
  protoKey: null,
  action: null,
  protoPath: null,
  reflection: oneOf(GrpcReflection.OnFirstRequest, GrpcReflection.OnEveryRequest),
  reflectionRefreshSec: amount,
  type: oneOf('unary', 'serverStream', 'clientStream', 'bidi'),
  insecure: null,
  secureWithoutRootCert: null,
  encodedFields: null,
  jsonFormat,
  decodeAnyMessageProtoLoaderOptions: null,
} satisfies RulesOf<ApiServiceFileGrpcActionConfig & ApiServiceReflectGrpcActionConfig>;

const MIXED_RULES = {
  validationSchema: null,
  timeout: duration,
  metadata: null,
  abortOnClientDisconnect: null,
  interceptors: functions,
} satisfies RulesOf<MixedOptions>;

const PROXY_RULES = {
  kind: null,
  endpoint: null,
  proxyHeaders: null,
  getAuthHeaders: null,
  validationSchema: null,
  metadata: null,
  interceptors: functions,
  timeout: duration,
  pathPrefix: {
    expected: 'a path that begins with a slash',
    accepts: (value: unknown) => typeof value === 'string' && /^\/[^?#]*$/.test(value),
  },
  dropHeaders: {
    expected: 'an array of header names',
    accepts: (value: unknown) =>
      Array.isArray(value) &&
      value.every((name) => typeof name === 'string' && isHeaderName(name.toLowerCase())),
  },
} satisfies RulesOf<ApiServiceProxyActionConfig>;

export const ACTION_RULES = {
  rest: REST_RULES,
  grpc: GRPC_RULES,
  mixed: MIXED_RULES,
  proxy: PROXY_RULES,
};
