import type { Action } from '../call/action';

/** Actions by scope, service and name. Maps, so that only what a schema declares can be found. */
export class ActionTable {
  private readonly scopes = new Map<string, Map<string, Map<string, Action>>>();

  add(action: Action): void {
    const services = this.scopes.get(action.scope) ?? new Map<string, Map<string, Action>>();
    const actions = services.get(action.service) ?? new Map<string, Action>();
    this.scopes.set(action.scope, services.set(action.service, actions.set(action.name, action)));
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
