import type { Action } from '../call/action';

/** Finds actions by own names only (RELIABILITY I1). */
export interface ActionFinder {
  actionsOf(scope: string, service: string): ReadonlyMap<string, Action> | undefined;
}

export type Lookup =
  | { readonly action: Action; readonly missing?: undefined }
  | { readonly action?: undefined; readonly missing: 'service' | 'action' };

/** What the controller may reach: connected actions that are not private. */
export function lookupAction(
  table: ActionFinder,
  connected: ReadonlySet<Action>,
  [scope, service, name]: readonly [string, string, string],
): Lookup {
  const actions = table.actionsOf(scope, service);
  if (!actions) return { missing: 'service' };
  const action = actions.get(name);
  if (!action || name.startsWith('_') || !connected.has(action)) return { missing: 'action' };
  // Its own handler serves it.
  if (action.kind === 'proxy') return { missing: 'action' };
  return { action };
}
