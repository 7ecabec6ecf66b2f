import type { Action } from '../call/action';

/** Actions by scope, service and name. Maps, so that only what a schema declares can be found. */
export class ActionTable {
  private readonly scopes = new Map<string, Map<string, Map<string, Action>>>();

  /** A service is known even when it has no actions. */
  addService(scope: string, service: string): Map<string, Action> {
    const services = this.scopes.get(scope) ?? new Map<string, Map<string, Action>>();
    const actions = services.get(service) ?? new Map<string, Action>();
    this.scopes.set(scope, services.set(service, actions));
    return actions;
  }

  add(action: Action): void {
    this.addService(action.scope, action.service).set(action.name, action);
  }

  /** Undefined where there is no such service. */
  actionsOf(scope: string, service: string): ReadonlyMap<string, Action> | undefined {
    return this.scopes.get(scope)?.get(service);
  }

  *[Symbol.iterator](): Generator<Action> {
    for (const services of this.scopes.values()) {
      for (const actions of services.values()) yield* actions.values();
    }
  }
}
