import { asHelper, mixed } from '../schema/define';
import type { MixedFunction } from '../schema/define';
import type { ApiServiceMixedExtra, MixedOptions, Untyped } from '../schema/definitions';
import { readParts } from './part';
import type { Part } from './part';
import { settleParts } from './settle';
import type { Settled } from './settle';

/** Args that no part reads arrive here as never. */
type AggregatePart = Part<Untyped, never, ApiServiceMixedExtra, unknown>;
type AggregateParts = Readonly<Record<string, AggregatePart>>;

type ArgsOfPart<OnePart> =
  OnePart extends Part<never, infer Args, never, unknown>
    ? [Args] extends [never]
      ? unknown
      : Args
    : never;

/** What all parts want together. */
type ArgsOfParts<Parts> = {
  [Key in keyof Parts]: (args: ArgsOfPart<Parts[Key]>) => void;
}[keyof Parts] extends (args: infer Args) => void
  ? Args
  : never;

export interface AggregateOptions<Parts> extends MixedOptions {
  /** By the names of their data; each `required` or `optional`, with the arguments of a mixed action. */
  parts: Parts;
}

/**
 * A mixed action that runs parts at once and answers what they came to, as `settle` does. In a part,
 * `extra.abortSignal` is the part's own.
 *
 * @throws TypeError that names what is no part
 */
export function aggregate<Parts extends AggregateParts>(
  options: AggregateOptions<Parts>,
): MixedFunction<ArgsOfParts<Parts>, Settled<Parts>> {
  const { parts: given, ...mixedOptions } = options;
  const parts = readParts('aggregate', given);
  return mixed<ArgsOfParts<Parts>, Settled<Parts>>(async (api: unknown, args, extra) => {
    const settled = await settleParts(api, parts, (part, bound, abortSignal) => {
      return part.run(bound, args, withSignal(extra, abortSignal));
    });
    return settled as Settled<Parts>;
  }, mixedOptions);
}

/** Copies descriptors, because reading `grpcContext` loads grpc-js. */
function withSignal(extra: ApiServiceMixedExtra, value: AbortSignal): ApiServiceMixedExtra {
  const own = Object.getOwnPropertyDescriptors(extra);
  const abortSignal = { value, enumerable: true, configurable: true, writable: true };
  return Object.defineProperties({} as ApiServiceMixedExtra, { ...own, abortSignal });
}

asHelper(aggregate);
