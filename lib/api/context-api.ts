import type { Call } from '../call/call';
import type { CreateCall } from '../call/create-call';
import type { Action } from '../call/action';
import type { LogFailure } from '../call/log-failure';
import type { ApiNode } from './action-tree';
import { BINDING, ContextBinding } from './context-binding';

/** What a call inside of a mixed action may say beside its args. */
interface InnerOptions {
  readonly callback?: unknown;
}

/** What all context apis of a gateway are made with. */
export interface ContextApiParts {
  readonly tree: ApiNode;
  readonly createCall: CreateCall;
  readonly logFailure: LogFailure;
}

/**
 * The api of a mixed action, bound to one calling request: functions take args and resolve to the
 * response data. Made on demand by proxies, so that a call costs nothing for actions it does not use.
 */
export function createContextApi(
  parts: ContextApiParts,
  caller: Call,
  signal: AbortSignal,
): object {
  const { createCall, logFailure } = parts;

  function callInner(action: Action, args: unknown, options?: InnerOptions): Promise<unknown> {
    const { headers, requestId, ctx, authArgs, userId, client, state, upstreamHeaders } = caller;
    const call = createCall(action, 'inner', {
      args,
      headers,
      requestId,
      ctx,
      signal,
      callback: options?.callback,
      state,
      ...(upstreamHeaders && { upstreamHeaders }),
      ...(authArgs !== undefined && { authArgs }),
      ...(userId !== undefined && { userId }),
      ...(client && { client }),
    });
    const running = action.call(call).then(({ responseData }) => responseData);
    // A function may come to wait for it later, or never: that must not end the process.
    running.catch(() => undefined);
    return running;
  }

  function bindingOf(node: ApiNode): ContextBinding {
    return new ContextBinding(caller, signal, logFailure, (narrower) => {
      return createContextApi({ ...parts, tree: node }, caller, narrower);
    });
  }

  function bind(node: ApiNode): object {
    const { action } = node;
    const target = action
      ? (args: unknown, options?: InnerOptions) => callInner(action, args, options)
      : (Object.create(null) as object);
    if (node.children.size === 0) return target;
    const childOf = (key: string | symbol) => node.children.get(key as string);
    return new Proxy(target, {
      get(own, key, receiver) {
        if (key === BINDING) return bindingOf(node);
        const child = childOf(key);
        return child ? bind(child) : (Reflect.get(own, key, receiver) as unknown);
      },
      has: (own, key) => childOf(key) !== undefined || Reflect.has(own, key),
      ownKeys: (own) => [...new Set([...node.children.keys(), ...Reflect.ownKeys(own)])],
      getOwnPropertyDescriptor(own, key) {
        const child = childOf(key);
        if (!child) return Reflect.getOwnPropertyDescriptor(own, key);
        return { value: bind(child), enumerable: true, configurable: true, writable: true };
      },
    });
  }

  return bind(parts.tree);
}
