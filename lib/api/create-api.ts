import type { Action } from '../call/action';
import type { CreateCall } from '../call/create-call';
import type { ApiNode } from './action-tree';
import type { ApiActionConfig } from './api-types';

type ApiFunction = (...args: never[]) => unknown;

/** The tree of names as plain objects and functions; built once, for callers on the server. */
export function createApi(tree: ApiNode, createCall: CreateCall): object {
  return materialize(tree, (action) => createApiFunction(action, createCall));
}

function materialize(node: ApiNode, toFunction: (action: Action) => ApiFunction): object {
  const target = node.action ? toFunction(node.action) : (Object.create(null) as object);
  for (const [name, child] of node.children) {
    // Defined, not assigned: a function's own `name` and `length` are read-only.
    Object.defineProperty(target, name, {
      value: materialize(child, toFunction),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return target;
}

function createApiFunction(action: Action, createCall: CreateCall): ApiFunction {
  return async function callAction(given: ApiActionConfig = {}) {
    const { abortSignal, ...input } = given;
    const signal = abortSignal && { signal: abortSignal };
    const call = createCall(action, 'api', { ...input, ...signal });
    const { responseData, responseHeaders } = await action.call(call);
    const { debugHeaders } = call.trace;
    const data = isStreamAction(action) ? { stream: responseData } : { responseData };
    return {
      ...data,
      ...(responseHeaders && { responseHeaders }),
      get debugHeaders() {
        return debugHeaders();
      },
    };
  };
}

/** Stream calls of gRPC resolve to `{stream}`. */
function isStreamAction({ kind, definition }: Action): boolean {
  const { type = 'unary' } = definition as { type?: string };
  return kind === 'grpc' && type !== 'unary';
}
