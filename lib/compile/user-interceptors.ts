import type { ResolvedConfig } from '../config/resolve-config';
import { toCallFailure, toHookFailure } from '../call/failure';
import type { Interceptor } from '../call/interceptor';
import { BuildFault } from '../call/transport';
import { optionsOf } from '../schema/define';
import type { ActionSource } from '../schema/walk';

/** The interceptors of config, service and action, outside in, as the chain runs them. */
export function compileUserInterceptors(
  { definition, serviceDefinition }: ActionSource,
  config: ResolvedConfig,
): Interceptor[] {
  const own = optionsOf(definition);
  const all = [config, serviceDefinition, own].flatMap(({ interceptors }) => interceptors ?? []);
  const guarded = all.map(withCodedFailures);
  // Who may read the data is given data: what would have passed as bytes is parsed.
  return all.some(({ readsData }) => readsData !== false) ? [wantsData, ...guarded] : guarded;
}

const wantsData: Interceptor = (next) => (call) =>
  next(call.acceptsBytes ? { ...call, acceptsBytes: false } : call);

/** Whatever an interceptor throws, or gives in place of a result, is a coded failure of the call. */
function withCodedFailures(interceptor: Interceptor): Interceptor {
  return (next) => {
    const handle = interceptor(next);
    if (typeof handle !== 'function') {
      const text = `${labelOf(interceptor)} does not return a function of the call`;
      throw new BuildFault('INVALID_INTERCEPTOR', text);
    }
    return async (call) => {
      try {
        const result = await handle(call);
        if (isResult(result)) return result;
        throw new TypeError(`${labelOf(interceptor)} gave no {responseData}`);
      } catch (thrown) {
        throw toCallFailure(call, toHookFailure('An interceptor', thrown));
      }
    };
  };
}

function isResult(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'responseData' in value;
}

function labelOf({ name }: Interceptor): string {
  return name ? `interceptor ${name}` : 'an interceptor';
}
