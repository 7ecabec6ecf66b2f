import type { ActionDefinition, SchemasByScope, ServiceDefinition } from './definitions';

/** One action as it stands in the schema, with the names it goes by. */
export interface ActionSource<Definition = ActionDefinition> {
  readonly scope: string;
  /** Key of the service: lookups, `actions`, overrides and error texts. */
  readonly service: string;
  /** What hooks, contexts, tags and stats show. */
  readonly serviceName: string;
  readonly name: string;
  readonly definition: Definition;
  readonly serviceDefinition: ServiceDefinition;
}

/** `scope.service.action`, for error texts. */
export function nameOf(source: Pick<ActionSource, 'scope' | 'service' | 'name'>): string {
  return `${source.scope}.${source.service}.${source.name}`;
}

/** One key for a service of a scope, whatever characters their names have. */
export function keyOf(scope: string, service: string): string {
  return JSON.stringify([scope, service]);
}

/** Every service of every scope, by own properties only, in the order of the schema. */
export function* walkServices(schemasByScope: SchemasByScope) {
  for (const [scope, schema] of Object.entries(schemasByScope)) {
    for (const [service, definition] of Object.entries(schema))
      yield { scope, service, definition };
  }
}

export function* walkActions(schemasByScope: SchemasByScope): Generator<ActionSource> {
  for (const { scope, service, definition: serviceDefinition } of walkServices(schemasByScope)) {
    const serviceName = serviceDefinition.serviceName ?? service;
    for (const [name, definition] of Object.entries(serviceDefinition.actions)) {
      yield { scope, service, serviceName, name, definition, serviceDefinition };
    }
  }
}
