import type { ResolvedConfig } from '../config/resolve-config';
import { compileProxyHeaders } from '../headers/proxy-headers';
import type { ProxyHeadersFunctionExtra, ProxyHeadersPlan } from '../headers/proxy-headers';
import type {
  ActionEndpoint,
  ApiServiceBaseActionConfig,
  EndpointsConfig,
  GetAuthHeaders,
} from '../schema/definitions';
import type { ActionSource } from '../schema/walk';
import { createLogFailure } from './log-failure';
import type { LogFailure } from './log-failure';
import type { CompiledTransport, Transport } from './transport';

/** What the preparing of a request needs of an action, computed once. */
export interface RequestPlan {
  readonly source: ActionSource<ApiServiceBaseActionConfig>;
  readonly kind: 'rest' | 'grpc';
  readonly endpoints: EndpointsConfig;
  readonly endpointNames: readonly string[];
  /** Which endpoint is not there, where none is found. */
  readonly missingEndpoint: string;
  readonly compiled: CompiledTransport;
  readonly proxyHeaders: ProxyHeadersPlan;
  readonly proxyExtra: ProxyHeadersFunctionExtra;
  readonly getAuthHeaders: GetAuthHeaders | undefined;
  readonly logFailure: LogFailure;
}

/** Compiles plans for the actions of one gateway; what depends on its config alone is made once. */
export function createPlanCompiler(config: ResolvedConfig) {
  const logFailure = createLogFailure(config);
  const { proxyHeaders, forwardedHeaders = 'pass' } = config;
  const ofConfig = compileProxyHeaders([proxyHeaders], forwardedHeaders);

  return function compileRequestPlan(
    source: ActionSource<ApiServiceBaseActionConfig>,
    transport: Pick<Transport, 'kind' | 'endpointNames'>,
    compiled: CompiledTransport,
    endpoints: EndpointsConfig,
  ): RequestPlan {
    const { definition, serviceDefinition, serviceName, name } = source;
    const { protoPath, protoKey } = definition as { protoPath?: string; protoKey?: string };
    return {
      source,
      kind: transport.kind,
      endpoints,
      endpointNames: transport.endpointNames,
      missingEndpoint: describeMissing(source, transport.endpointNames, config),
      compiled,
      proxyHeaders:
        definition.proxyHeaders === undefined
          ? ofConfig
          : compileProxyHeaders([proxyHeaders, definition.proxyHeaders], forwardedHeaders),
      proxyExtra: {
        service: serviceName,
        action: name,
        ...(protoPath !== undefined && { protopath: protoPath }),
        ...(protoKey !== undefined && { protokey: protoKey }),
      },
      getAuthHeaders:
        definition.getAuthHeaders ?? serviceDefinition.getAuthHeaders ?? config.getAuthHeaders,
      logFailure,
    };
  };
}

function describeMissing(
  { service, definition: { endpoint } }: ActionSource<ApiServiceBaseActionConfig>,
  endpointNames: readonly string[],
  { installation, env }: ResolvedConfig,
): string {
  const names = typeof endpoint === 'string' ? [endpoint] : endpointNames;
  const wanted = names.map((name) => JSON.stringify(name)).join(' or ');
  const what =
    typeof endpoint === 'function' ? 'its endpoint function chose none' : `no endpoint ${wanted}`;
  const place = installation && env ? ` in installation ${installation}, env ${env}` : '';
  return `Service ${service}: ${what}${place}`;
}

/** The first of the names that the service has an endpoint for. */
export function findEndpoint(
  endpoints: EndpointsConfig,
  names: readonly string[],
): ActionEndpoint | undefined {
  return names.map((name) => endpoints[name]).find((endpoint) => endpoint !== undefined);
}
