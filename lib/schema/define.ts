import type { GatewayContext } from '../context';
import type {
  ApiServiceGrpcActionConfig,
  ApiServiceMixedExtra,
  ApiServiceRestActionConfig,
  BaseSchema,
  CarriesTypes,
  MixedDefinition,
  MixedOptions,
  Untyped,
} from './definitions';
import type { ApiServiceProxyActionConfig } from './proxy-definition';

/** Set on the helpers, and on what `rest` and `grpc` return before the definition is given. */
const HALF_CALLED = Symbol('sallyport.helper');

/** Marks a function that makes actions, and is none itself. */
export function asHelper<Helper extends object>(helper: Helper): Helper {
  return Object.assign(helper, { [HALF_CALLED]: true });
}

/** Whether an action is `rest`, `rest<Response, Args>()` or the like: a call was forgotten. */
export function isHalfCalledHelper(definition: object): boolean {
  return HALF_CALLED in definition;
}

/** Keeps the literal types of a schema, so that the api is inferred from it without `as const`. */
export function defineSchema<const Schema extends BaseSchema>(schema: Schema): Schema {
  return schema;
}

/** Keeps a type argument from being inferred from where the result stands: a schema says `any`. */
export type NotFromPlace<T> = [T][T extends unknown ? 0 : never];

/** `rest<Response, Args>()({method, path, ...})`: a REST action with both types named. */
export function rest<Response = unknown, Args = object>() {
  return asHelper(
    <Transformed = Response>(
      definition: ApiServiceRestActionConfig<GatewayContext, Response, Args, Transformed>,
    ): ApiServiceRestActionConfig<GatewayContext, Response, Args, NotFromPlace<Transformed>> =>
      definition,
  );
}

/** `grpc<Response, Args>()({protoKey, action, ...})`: a gRPC action; `type` gives the stream kind. */
export function grpc<Response = unknown, Args = object>() {
  return asHelper(
    <
      const Definition extends ApiServiceGrpcActionConfig<GatewayContext, Response, Args, unknown>,
      Transformed = Response,
    >(
      definition: Definition &
        ApiServiceGrpcActionConfig<GatewayContext, Response, Args, Transformed>,
    ): Definition & CarriesTypes<Response, Args, NotFromPlace<Transformed>> => definition,
  );
}

/** A definition of a proxy, but for its kind. */
export type ProxyOptions = Omit<ApiServiceProxyActionConfig, 'kind'>;

/** Passes requests on as they are; mounted by `gateway.proxyHandler` (docs/proxy.md). */
export function proxy(options: ProxyOptions = {}): ApiServiceProxyActionConfig {
  return { ...options, kind: 'proxy' };
}

export function isProxyDefinition(definition: unknown): definition is ApiServiceProxyActionConfig {
  return (definition as { kind?: unknown } | null | undefined)?.kind === 'proxy';
}

export type MixedFunction<Args, Result> = (
  api: unknown,
  args: Args,
  extra: ApiServiceMixedExtra,
) => Promise<Result> | Result;

/** Set by `mixed` on the function it returns. */
const MIXED_OPTIONS = Symbol('sallyport.mixed.options');

/** A function as an action, with the options that apply to functions. The function is not changed. */
export function mixed<Args = object, Result = unknown>(
  fn: (api: Untyped, args: Args, extra: ApiServiceMixedExtra) => Promise<Result> | Result,
  options: MixedOptions<Args> = {},
): MixedFunction<Args, Result> {
  const action: MixedFunction<Args, Result> = (api, args, extra) => fn(api, args, extra);
  return Object.assign(action, { [MIXED_OPTIONS]: options });
}

/** The options given to `mixed`, none for a plain function. */
export function readMixedOptions(definition: object): MixedOptions {
  return (definition as { [MIXED_OPTIONS]?: MixedOptions })[MIXED_OPTIONS] ?? {};
}

/** The options of an action: those given to `mixed` for a function, else the definition itself. */
export function optionsOf<Definition extends object>(
  definition: Definition,
): MixedOptions | Exclude<Definition, MixedDefinition> {
  const isFunction = typeof definition === 'function';
  return isFunction ? readMixedOptions(definition) : (definition as never);
}

[defineSchema, rest, grpc, mixed, proxy].forEach((helper) => asHelper(helper));
