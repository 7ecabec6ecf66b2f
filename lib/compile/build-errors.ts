import type { ResolvedConfig } from '../config/resolve-config';
import { BuildFault } from '../call/transport';
import { AppError } from '../errors/app-error';
import type { SchemasByScope, ServiceDefinition } from '../schema/definitions';
import { hasInstallationMap, isRecord } from '../schema/endpoints';
import { nameOf } from '../schema/walk';
import type { ActionSource } from '../schema/walk';

const SCOPES = 'schemas are by scope: {scope: {service: {actions: {...}}}}';
const ENDPOINT_FORMS =
  'the endpoints to be a URL, {path: URL} or {installation: {env: {name: endpoint}}}';
const METHODS = 'GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS';

/** Which member of a definition is no REST action's. */
function restFault(definition: unknown): string {
  if (!isRecord(definition)) return '';
  const { method, path } = definition;
  if (method === undefined && path === undefined) return '';
  const isPath = typeof path === 'string' || typeof path === 'function';
  if (!isPath) return `its path is neither a string nor a function, `;
  return `its method is none of ${METHODS}, `;
}

export type BuildErrors = ReturnType<typeof createBuildErrors>;

/** What is wrong with schema or config, found when the gateway is built: every text names the place. */
export function createBuildErrors(config: ResolvedConfig) {
  const ErrorConstructor = config.ErrorConstructor ?? AppError;
  const create = (code: string, message: string) => new ErrorConstructor(message, { code });

  const invalid = (place: string, expected: string) =>
    create('INVALID_SCHEMA', `${place}: expected ${expected}`);

  /** Every level of an installation map is a record; one that is left out is null or undefined. */
  function checkEndpoints(place: string, endpoints: unknown): void {
    if (!isRecord(endpoints)) throw invalid(place, ENDPOINT_FORMS);
    for (const [installation, envs] of Object.entries(endpoints)) {
      if (!isRecord(envs ?? {})) throw invalid(`${place}.${installation}`, ENDPOINT_FORMS);
      for (const [env, named] of Object.entries(envs ?? {})) {
        const where = `${place}.${installation}.${env}`;
        if (!isRecord(named ?? {})) throw invalid(where, ENDPOINT_FORMS);
      }
    }
  }

  function checkService(place: string, service: unknown): void {
    if (!isRecord(service) || !isRecord(service['actions'])) {
      throw invalid(place, `{actions: {...}}; ${SCOPES}`);
    }
    const { endpoints } = service;
    if (!hasInstallationMap(endpoints as ServiceDefinition['endpoints'])) return;
    checkEndpoints(`Endpoints of service ${place}`, endpoints);
    for (const key of ['installation', 'env'] as const) {
      if (config[key]) continue;
      const name = key.toUpperCase();
      const message = `config.${key} and APP_${name} are empty, but ${place} has endpoints by installation`;
      throw create(`EMPTY_GATEWAY_${name}`, message);
    }
  }

  return {
    create,

    checkSchemas(schemas: SchemasByScope): void {
      if (!isRecord(schemas)) throw invalid('Schemas', `an object; ${SCOPES}`);
      for (const [scope, schema] of Object.entries(schemas)) {
        if (!isRecord(schema)) throw invalid(`Scope ${scope}`, 'an object of services');
        for (const [key, service] of Object.entries(schema)) {
          checkService(`${scope}.${key}`, service);
        }
      }
    },

    unknownKind(source: ActionSource): Error {
      const { protoKey } = (source.definition ?? {}) as { protoKey?: unknown };
      const expected =
        'expected a function, {method, path, ...} for REST or {protoKey, action, protoPath or reflection, ...} for gRPC';
      const why = protoKey === undefined ? `${restFault(source.definition)}${expected}` : expected;
      return create('INVALID_ACTION', `Action ${nameOf(source)} cannot be compiled: ${why}`);
    },

    /** Runs a step of the build; what it throws is told with the action's name, once. */
    named<T>(source: ActionSource, step: () => T): T {
      try {
        return step();
      } catch (error) {
        if (error instanceof ErrorConstructor) throw error;
        const code = error instanceof BuildFault ? error.code : 'INVALID_ACTION';
        throw create(code, `Action ${nameOf(source)}: ${(error as Error).message}`);
      }
    },

    /** Told to the logger; with `strict` an error. */
    warn(message: string): void {
      if (config.strict) throw create('STRICT_WARNING', message);
      config.logger?.warn({ code: 'BUILD_WARNING' }, message);
    },
  };
}
