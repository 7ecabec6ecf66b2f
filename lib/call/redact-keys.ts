import type { GatewayContext } from '../context';
import { observe } from './observe';

type Dict = Record<string, unknown>;

/** What a redaction of the caller leaves of data; undefined where it fails or makes no object at once. */
export function redactWith(
  redact: () => unknown,
  onError?: (error: unknown) => void,
): Dict | undefined {
  let made: unknown;
  observe(() => (made = redact()), onError);
  if (typeof made !== 'object' || made === null) return undefined;
  return typeof (made as PromiseLike<unknown>).then === 'function' ? undefined : (made as Dict);
}

/** What the caller's own redaction leaves of the data; failing, nothing. Without one, the data. */
export function redactKeys(ctx: Pick<GatewayContext, 'utils'>, data: Dict): Dict | undefined {
  return redactWith(() => {
    const { utils } = ctx;
    return utils?.redactSensitiveKeys ? utils.redactSensitiveKeys(data) : data;
  });
}
