import { createExpressController } from './adapters/express/express-controller';
import type { ControllerType } from './adapters/express/express-controller';
import { createExpressProxy } from './adapters/express/express-proxy';
import { createActionTree } from './api/action-tree';
import type { GatewayApi, ProxyNames } from './api/api-types';
import { createContextApi } from './api/context-api';
import { createApi } from './api/create-api';
import type { Action } from './call/action';
import { createCallFactory } from './call/create-call';
import { InFlight } from './call/in-flight';
import type { Interceptor } from './call/interceptor';
import { createLogFailure } from './call/log-failure';
import { onlyProxied } from './call/proxied';
import { RetryBudget } from './call/retry-budget';
import type { ActionTable } from './compile/action-table';
import { checkConfig } from './compile/check-options';
import { compileSchemas } from './compile/compile-schemas';
import { readConnectedActions } from './compile/connected-actions';
import { compileUserInterceptors } from './compile/user-interceptors';
import type { GatewayConfig } from './config/gateway-config';
import type {
  GatewayRequest,
  GatewayResponse,
  HookRequest,
  HookResponse,
} from './config/hook-types';
import { resolveConfig } from './config/resolve-config';
import type { ResolvedConfig } from './config/resolve-config';
import type { GatewayContext } from './context';
import { AppError } from './errors/app-error';
import { createHandler } from './handler/handler';
import { HANDLER } from './handler/host';
import type { HandlerHost } from './handler/host';
import { createStatsSender } from './interceptors/telemetry/stats';
import type { StatsSender } from './interceptors/telemetry/stats';
import { createTelemetry } from './interceptors/telemetry/telemetry';
import { createSchemaCompiler } from './interceptors/validate-args/validate-args';
import { compileMocks } from './mocks/compile-mocks';
import { isProxyDefinition, optionsOf } from './schema/define';
import type { SchemasByScope } from './schema/definitions';
import type { ActionSource } from './schema/walk';
import { createLazyGrpcTransport } from './transports/grpc/lazy-grpc-transport';
import { createRestTransport } from './transports/rest/rest-transport';

const DEFAULT_GRACE_MS = 10_000;

export interface CloseOptions {
  /** Milliseconds that running calls may still take. Default 10,000. */
  graceMs?: number;
}

/** A compiled gateway. */
export interface Gateway<
  Schemas extends SchemasByScope,
  Context extends GatewayContext = GatewayContext,
  Req extends HookRequest<Context> = GatewayRequest<Context>,
  Res extends HookResponse = GatewayResponse,
> extends HandlerHost {
  /** Express handler for `POST <prefix>/:scope/:service/:action`; without `:scope`, `root`. */
  controller: ControllerType<Req, Res>;
  /** The actions as typed functions, for the server. */
  api: GatewayApi<Schemas, Context>;
  /**
   * Express handler that passes requests on through a proxy action (docs/proxy.md).
   *
   * @throws config.ErrorConstructor (default AppError) where the schemas have no such proxy
   */
  proxyHandler: <
    Scope extends keyof Schemas & string,
    Service extends keyof Schemas[Scope] & string,
  >(
    scope: Scope,
    service: Service,
    action: ProxyNames<Schemas[Scope][Service]['actions']>,
  ) => ControllerType<Req, Res>;
  /** Refuses new calls, waits for running ones, then closes connections. */
  close: (options?: CloseOptions) => Promise<void>;
}

/**
 * Compiles schemas into a gateway: an Express controller for the browser and a typed api for the
 * server. Opens no socket and starts no timer.
 *
 * @throws config.ErrorConstructor (default AppError) for a mistake in schemas or config, naming it
 */
export function getGatewayControllers<
  const Schemas extends SchemasByScope,
  Context extends GatewayContext = GatewayContext,
  Req extends HookRequest<Context> = GatewayRequest<Context>,
  Res extends HookResponse = GatewayResponse,
>(
  schemasByScope: Schemas,
  config: GatewayConfig<Context, Req, Res> = {},
): Gateway<Schemas, Context, Req, Res> {
  return createGateway(schemasByScope, config);
}

/** A gateway in which `mocks`, by scope, service and action, answer in place of backends. */
export function createGateway<
  Schemas extends SchemasByScope,
  Context extends GatewayContext,
  Req extends HookRequest<Context>,
  Res extends HookResponse,
>(
  schemasByScope: Schemas,
  config: GatewayConfig<Context, Req, Res>,
  mocks?: object,
): Gateway<Schemas, Context, Req, Res> {
  const resolved = resolveConfig(config);
  checkConfig(resolved);
  const grpc = createLazyGrpcTransport(resolved);
  const transports = [createRestTransport(resolved), grpc];
  const inFlight = new InFlight();
  const createCall = createCallFactory(resolved);
  const sendStats = createStatsSender(resolved);
  const logFailure = createLogFailure(resolved);

  const table = compileSchemas(schemasByScope, {
    config: resolved,
    transports,
    budget: new RetryBudget(resolved.limits.retryRatio),
    mixed: {
      config: resolved,
      getContextApi: (call, signal) =>
        createContextApi({ tree, createCall, logFailure }, call, signal),
      getGrpcContext: () => grpc.context,
      sendStats: (call, stats, headers) => sendStats(call, call.ctx, stats, headers),
    },
    interceptorsFor: createInterceptors(resolved, sendStats, inFlight),
    mockFor: compileMocks(mocks, schemasByScope, resolved.timeout),
  });
  const tree = createActionTree(table);
  const handler = createHandler({
    config: resolved,
    table,
    connected: readConnectedActions(table, resolved.actions, resolved.ErrorConstructor),
    createCall,
  });

  return {
    controller: createExpressController(handler, resolved) as unknown as ControllerType<Req, Res>,
    api: createApi(tree, createCall) as GatewayApi<Schemas, Context>,
    [HANDLER]: { handler, config: resolved },
    proxyHandler(scope, service, name) {
      const action = findProxy(table, [scope, service, name], resolved);
      return createExpressProxy(handler, action, resolved) as unknown as ControllerType<Req, Res>;
    },
    async close({ graceMs = DEFAULT_GRACE_MS } = {}) {
      await inFlight.drain(graceMs);
      await Promise.all(transports.map((transport) => transport.close()));
    },
  };
}

/** Only by its exact names: what is mounted is decided when the program starts. */
function findProxy(
  table: ActionTable,
  [scope, service, name]: readonly [string, string, string],
  { ErrorConstructor = AppError }: ResolvedConfig,
): Action {
  const action = table.actionsOf(scope, service)?.get(name);
  if (action?.kind === 'proxy') return action;
  const text = `proxyHandler: ${scope}.${service}.${name} is no proxy of the schemas`;
  throw new ErrorConstructor(text, { code: 'UNKNOWN_PROXY' });
}

/** The policies around an action, outside in. */
function createInterceptors(config: ResolvedConfig, sendStats: StatsSender, inFlight: InFlight) {
  const telemetry = createTelemetry(config, sendStats);
  const schemas = createSchemaCompiler();
  return (source: ActionSource, warn: (message: string) => void): Interceptor[] => {
    const { definition } = source;
    const own = optionsOf(definition);
    // The config's is made for args of the body; those of a proxy are method, path and query.
    const isProxy = isProxyDefinition(definition);
    const schema = own.validationSchema ?? (isProxy ? undefined : config.validationSchema);
    return [
      inFlight.interceptor,
      telemetry,
      ...(isProxy ? [onlyProxied] : []),
      ...compileUserInterceptors(source, config),
      ...(schema === undefined ? [] : [schemas.compile(schema, warn)]),
    ];
  };
}
