import type { ResolvedConfig } from '../config/resolve-config';
import { AppError } from '../errors/app-error';
import type { SchemasByScope } from '../schema/definitions';
import { hasInstallationMap } from '../schema/endpoints';
import { nameOf } from '../schema/walk';
import type { ActionSource } from '../schema/walk';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type BuildErrors = ReturnType<typeof createBuildErrors>;

/** What is wrong with schema or config, found when the gateway is built: every text names the place. */
export function createBuildErrors(config: ResolvedConfig) {
  const ErrorConstructor = config.ErrorConstructor ?? AppError;
  const create = (code: string, message: string) => new ErrorConstructor(message, { code });

  function checkService(place: string, service: unknown): boolean {
    if (!isRecord(service) || !isRecord(service['actions'])) {
      throw create('INVALID_SCHEMA', `${place} has no actions: expected {actions: {...}}`);
    }
    return hasInstallationMap(service['endpoints'] as never);
  }

  function checkPlace(): void {
    for (const key of ['installation', 'env'] as const) {
      if (config[key]) continue;
      const name = key.toUpperCase();
      const message = `config.${key} and APP_${name} are empty, but endpoints are given by installation`;
      throw create(`EMPTY_GATEWAY_${name}`, message);
    }
  }

  return {
    checkSchemas(schemas: SchemasByScope): void {
      if (!isRecord(schemas))
        throw create('INVALID_SCHEMA', 'Expected an object of schemas by scope');
      let needsPlace = false;
      for (const [scope, schema] of Object.entries(schemas)) {
        if (!isRecord(schema))
          throw create('INVALID_SCHEMA', `Scope ${scope} is not an object of services`);
        for (const [key, service] of Object.entries(schema)) {
          needsPlace = checkService(`Service ${scope}.${key}`, service) || needsPlace;
        }
      }
      if (needsPlace) checkPlace();
    },

    unknownKind(source: ActionSource): Error {
      const { protoKey } = source.definition as { protoKey?: unknown };
      const expected =
        'expected a function, {method, path, ...} for REST or {protoKey, action, ...} for gRPC';
      const why = protoKey === undefined ? expected : 'no gRPC transport is there to serve it';
      return create('INVALID_ACTION', `Action ${nameOf(source)} cannot be compiled: ${why}`);
    },

    invalidEndpoint(source: ActionSource, fault: string): Error {
      return create('INVALID_ENDPOINT', `Action ${nameOf(source)}: its endpoint ${fault}`);
    },

    /** Runs a step of the build; what it throws is told with the action's name. */
    named<T>(source: ActionSource, code: string, step: () => T): T {
      try {
        return step();
      } catch (error) {
        const message = `Action ${nameOf(source)}: invalid validationSchema: ${(error as Error).message}`;
        throw create(code, message);
      }
    },

    /** Told to the logger; with `strict` an error. */
    warn(message: string): void {
      if (config.strict) throw create('STRICT_WARNING', message);
      config.logger?.warn({}, message);
    },
  };
}
