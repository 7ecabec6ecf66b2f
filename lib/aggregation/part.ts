import { checkFactoryOptions } from '../call/factory-options';
import type { FactoryRule } from '../call/factory-options';
import type { NotFromPlace } from '../schema/define';
import { isRecord } from '../schema/endpoints';
import type { Untyped } from '../schema/definitions';

/** Options of a required part. */
export interface PartOptions {
  /**
   * Milliseconds that the part may take. After that its calls are cancelled, and it has failed with
   * 504. 0 and Infinity mean no limit. Default: no limit of its own.
   */
  timeoutMs?: number;
}

/** Options of an optional part. */
export interface OptionalPartOptions<Fallback = null> extends PartOptions {
  /** The data in place of a failed part; the same value for all calls, so do not change it. Default null. */
  fallback?: Fallback;
}

/** What a part runs. For `settle` its inputs are the api and `{abortSignal}`. */
export type PartFunction<Api, Given, Extra, Result> = (
  api: Api,
  given: Given,
  extra: Extra,
) => PromiseLike<Result> | Result;

/** One of the parts of an aggregation, made by `required` or `optional`. */
export class Part<Api, Given, Extra, Result> {
  constructor(
    readonly run: PartFunction<Api, Given, Extra, Result>,
    readonly isRequired: boolean,
    readonly timeoutMs: number,
    /** The data when an optional part has failed. */
    readonly fallback: Result | null,
  ) {}
}

export type AnyPart = Part<Untyped, Untyped, Untyped, unknown>;
export type NamedPart = readonly [key: string, part: AnyPart];

/** A fallback of the part's own type adds nothing to it. */
type WithFallback<Result, Fallback> = Fallback extends Result ? Result : Result | Fallback;

const TIMEOUT_RULE: FactoryRule = {
  expected: 'a number of milliseconds from 0',
  accepts: (value) => typeof value === 'number' && value >= 0,
};
const REQUIRED_RULES = { timeoutMs: TIMEOUT_RULE };
const OPTIONAL_RULES = { ...REQUIRED_RULES, fallback: { expected: 'data', accepts: () => true } };

/**
 * A part without which the aggregation fails.
 *
 * @throws TypeError for what is no function, or an option that cannot be
 */
export function required<Api, Given, Extra, Result>(
  run: PartFunction<Api, Given, Extra, Result>,
  options: PartOptions = {},
): Part<Api, Given, Extra, Result> {
  checkFunction('required', run);
  checkFactoryOptions('required', options, REQUIRED_RULES);
  return new Part(run, true, options.timeoutMs ?? 0, null);
}

/**
 * A part that may fail: its data is then the fallback, else null, and `errors` tells of it.
 *
 * @throws TypeError for what is no function, or an option that cannot be
 */
export function optional<Api, Given, Extra, Result, Fallback = null>(
  run: PartFunction<Api, Given, Extra, Result>,
  options: OptionalPartOptions<Fallback> = {},
): Part<Api, Given, Extra, WithFallback<Result, NotFromPlace<Fallback>>> {
  checkFunction('optional', run);
  checkFactoryOptions('optional', options, OPTIONAL_RULES);
  const fallback = 'fallback' in options ? options.fallback : null;
  return new Part<Api, Given, Extra, unknown>(run, false, options.timeoutMs ?? 0, fallback) as Part<
    Api,
    Given,
    Extra,
    WithFallback<Result, NotFromPlace<Fallback>>
  >;
}

function checkFunction(factory: string, run: unknown): void {
  if (typeof run !== 'function') throw new TypeError(`${factory}: expected a function of the api`);
}

/**
 * The parts by their own keys, whatever these are called.
 *
 * @throws TypeError that names the key of what is no part
 */
export function readParts(factory: string, parts: unknown): NamedPart[] {
  const expected = 'required(function) or optional(function)';
  if (!isRecord(parts)) throw new TypeError(`${factory}: parts must be an object of ${expected}`);
  return Object.entries(parts).map(([key, part]) => {
    if (part instanceof Part) return [key, part as AnyPart] as const;
    throw new TypeError(`${factory}: the part ${JSON.stringify(key)} must be ${expected}`);
  });
}
