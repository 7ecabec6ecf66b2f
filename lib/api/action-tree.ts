import type { Action } from '../call/action';

/** A name on the api: an action, a container of names, or both. */
export interface ApiNode {
  action?: Action;
  readonly children: Map<string, ApiNode>;
}

function createNode(): ApiNode {
  return { children: new Map() };
}

function childOf(node: ApiNode, name: string): ApiNode {
  const known = node.children.get(name);
  if (known) return known;
  const child = createNode();
  node.children.set(name, child);
  return child;
}

/**
 * Scope, service, action; and the services of `root` at the top. Where a scope has the name of a root
 * service both stay reachable: they share the node, and so do an action of one and a service of the
 * other that have the same name.
 */
export function createActionTree(actions: Iterable<Action>): ApiNode {
  const root = createNode();
  for (const action of actions) {
    const { scope, service, name } = action;
    const path = [scope, service, name];
    path.reduce(childOf, root).action = action;
    if (scope === 'root') path.slice(1).reduce(childOf, root).action = action;
  }
  return root;
}
