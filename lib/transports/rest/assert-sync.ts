import { toHookFailure } from '../../call/failure';
import { observe } from '../../call/observe';
import type { RestDefinition } from '../../schema/definitions';

function isPromise(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/**
 * Runs a hook that axios does not wait for: a promise would be taken for the result, so it is refused
 * (RELIABILITY K1), and nobody else would hear of its failure.
 */
export function runSync<T>(name: string, hook: () => T): T {
  try {
    const made = hook();
    if (!isPromise(made)) return made;
    observe(() => made);
  } catch (thrown) {
    throw toHookFailure(name, thrown);
  }
  throw toHookFailure(name, new TypeError(`${name} must not be async`));
}

type Serializer = RestDefinition['paramsSerializer'];

/** The same for a `paramsSerializer` in each of its forms. */
export function asSync(serializer: Serializer): Serializer {
  const name = 'paramsSerializer';
  if (typeof serializer === 'function') {
    return (params: object, options) => runSync(name, () => serializer(params, options));
  }
  if (!serializer) return undefined;
  const { encode, serialize } = serializer;
  return {
    ...serializer,
    ...(encode && {
      encode: (value, encoder): unknown => runSync<unknown>(name, () => encode(value, encoder)),
    }),
    ...(serialize && {
      serialize: (params: object, options) => runSync(name, () => serialize(params, options)),
    }),
  };
}
