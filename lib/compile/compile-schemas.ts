import type { ResolvedConfig } from '../config/resolve-config';
import type { Action, CallHandler } from '../call/action';
import { withInterceptors } from '../call/interceptor';
import type { Interceptor } from '../call/interceptor';
import { withAnswerHeaders } from '../call/proxied';
import { createPlanCompiler, findEndpoint } from '../call/request-plan';
import { createRunCall } from '../call/run-call';
import { createRunMixed } from '../call/run-mixed';
import type { MixedSurroundings } from '../call/run-mixed';
import type { RetryBudget } from '../call/retry-budget';
import { BuildFault } from '../call/transport';
import type { CompileSite, Transport } from '../call/transport';
import type {
  ActionDefinition,
  ActionEndpoint,
  ApiServiceBaseActionConfig,
  EndpointsConfig,
  SchemasByScope,
} from '../schema/definitions';
import { isProxyDefinition, optionsOf } from '../schema/define';
import { isSingleEndpoint, resolveEndpoints } from '../schema/endpoints';
import {
  overrideEndpoints,
  parseEndpointOverrides,
  warnOfUnknown,
} from '../schema/override-endpoints';
import { keyOf, nameOf, walkActions, walkServices } from '../schema/walk';
import type { ActionSource } from '../schema/walk';
import { ActionTable } from './action-table';
import { createBuildErrors } from './build-errors';
import type { BuildErrors } from './build-errors';
import { checkAction, checkEndpointOptions, checkService } from './check-options';

/** What actions are built with; made by `gateway.ts`. */
export interface Parts {
  readonly config: ResolvedConfig;
  readonly transports: readonly Transport[];
  readonly budget: RetryBudget;
  readonly mixed: MixedSurroundings;
  /** Outside in. */
  readonly interceptorsFor: (
    source: ActionSource,
    warn: (message: string) => void,
  ) => Interceptor[];
  /** What answers in place of the action itself, which is then not compiled. */
  readonly mockFor: (source: ActionSource) => CallHandler | undefined;
}

interface Workshop extends Parts {
  readonly compilePlan: ReturnType<typeof createPlanCompiler>;
  /** A proxy says itself what it knows of the client's address. */
  readonly compileProxyPlan: ReturnType<typeof createPlanCompiler>;
}

/** Compiles every action of every scope. Throws for the first mistake in schema or config. */
export function compileSchemas(schemas: SchemasByScope, given: Parts): ActionTable {
  const parts: Workshop = {
    ...given,
    compilePlan: createPlanCompiler(given.config),
    compileProxyPlan: createPlanCompiler({ ...given.config, forwardedHeaders: 'drop' }),
  };
  const errors = createBuildErrors(parts.config);
  errors.checkSchemas(schemas);
  const endpointsOf = createEndpointLookup(schemas, parts.config);
  const table = new ActionTable();
  for (const { scope, service, definition } of walkServices(schemas)) {
    table.addService(scope, service);
    checkService(`${scope}.${service}`, definition, errors);
  }
  for (const source of walkActions(schemas)) {
    table.add(compileAction(source, endpointsOf(source), parts, errors));
  }
  return table;
}

/** Endpoints of each service, chosen and overridden once. */
function createEndpointLookup(schemas: SchemasByScope, config: ResolvedConfig) {
  const unknown: string[] = [];
  const overrides = parseEndpointOverrides(config.endpointOverrides, schemas, unknown);
  const byService = new Map<string, EndpointsConfig>();
  const place = { installation: config.installation, env: config.env };
  for (const { scope, service, definition } of walkServices(schemas)) {
    const resolved = resolveEndpoints(definition.endpoints, place);
    overrideEndpoints(resolved, overrides, [scope, service], unknown);
    byService.set(keyOf(scope, service), Object.freeze(resolved));
  }
  warnOfUnknown(unknown);
  return ({ scope, service }: ActionSource) => byService.get(keyOf(scope, service)) ?? {};
}

function compileAction(
  source: ActionSource,
  endpoints: EndpointsConfig,
  parts: Workshop,
  errors: BuildErrors,
): Action {
  const { kind, run } = compileRun(source, endpoints, parts, errors);
  const warn = (message: string) => errors.warn(`Action ${nameOf(source)}: ${message}`);
  const { metadata } = optionsOf(source.definition);
  const call = errors.named(source, () => {
    return withInterceptors(parts.interceptorsFor(source, warn), run);
  });
  return { ...source, kind, metadata, call };
}

function compileRun(
  source: ActionSource,
  endpoints: EndpointsConfig,
  parts: Workshop,
  errors: BuildErrors,
): { kind: Action['kind']; run: CallHandler } {
  const { definition } = source;
  if (typeof definition === 'function') {
    checkAction(source, 'mixed', errors);
    const run = parts.mockFor(source) ?? createRunMixed({ ...source, definition }, parts.mixed);
    return { kind: 'mixed', run };
  }
  const isObject = typeof definition === 'object' && definition !== null;
  const transport = parts.transports.find((one) => isObject && one.accepts(definition));
  if (!transport) throw errors.unknownKind(source);
  const isProxy = isProxyDefinition(definition);
  const kind = isProxy ? 'proxy' : transport.kind;
  checkAction(source, kind, errors);
  const run =
    parts.mockFor(source) ?? compileTransport(source, endpoints, transport, parts, errors);
  return { kind, run: isProxy ? withAnswerHeaders(run) : run };
}

function compileTransport(
  source: ActionSource,
  endpoints: EndpointsConfig,
  transport: Transport,
  { config, budget, compilePlan, compileProxyPlan }: Workshop,
  errors: BuildErrors,
): CallHandler {
  const compile = isProxyDefinition(source.definition) ? compileProxyPlan : compilePlan;
  const definition = source.definition as Exclude<ActionDefinition, (...args: never) => unknown>;
  const site: CompileSite = {
    endpoint: findStaticEndpoint(definition, endpoints, transport),
    warn: (message) => errors.warn(`Action ${nameOf(source)}: ${message}`),
  };
  const compiled = errors.named(source, () => {
    if (site.endpoint !== undefined) assertEndpoint(site.endpoint);
    return transport.compile(source, site);
  });
  checkEndpointOptions(source, site.endpoint, errors);
  const plan = compile({ ...source, definition }, transport, compiled, endpoints);
  if (site.endpoint === undefined && typeof definition.endpoint !== 'function') {
    site.warn(plan.missingEndpoint);
  }
  return createRunCall(plan, config, budget);
}

/** The endpoint of every call, unless a function chooses; one that is missing or empty is none. */
function findStaticEndpoint(
  { endpoint: wanted }: ApiServiceBaseActionConfig,
  endpoints: EndpointsConfig,
  transport: Transport,
): ActionEndpoint | undefined {
  if (typeof wanted === 'function') return undefined;
  const found = findEndpoint(endpoints, wanted === undefined ? transport.endpointNames : [wanted]);
  const path: unknown = typeof found === 'object' ? found?.path : found;
  return found === null || path === '' ? undefined : found;
}

function assertEndpoint(endpoint: ActionEndpoint): void {
  if (isSingleEndpoint(endpoint)) return;
  throw new BuildFault(
    'INVALID_ENDPOINT',
    'its endpoint is neither a string nor an object with a path',
  );
}
