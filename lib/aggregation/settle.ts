import { readBinding } from '../api/context-binding';
import type { ContextBinding } from '../api/context-binding';
import { CallAbort, CallAborted } from '../call/abort';
import { GatewayCallError } from '../errors/gateway-error';
import { readParts } from './part';
import type { AnyPart, NamedPart, Part } from './part';
import { createPartFailure, toActionFailure, toPartError } from './part-failure';
import type { PartError } from './part-failure';
import { runPart } from './run-part';
import type { StartPart } from './run-part';

/** What a part of `settle` is given beside the api. */
export interface PartExtra {
  /** Fires when the part is cancelled or its time is over, for what is not called through the api. */
  abortSignal: AbortSignal;
}

/** What all parts came to. */
export interface Settled<Parts> {
  data: {
    [Key in keyof Parts]: Parts[Key] extends Part<never, never, never, infer Result>
      ? Result
      : never;
  };
  /** The optional parts that have failed, in the order of the parts. */
  errors: PartError<Extract<keyof Parts, string>>[];
}

/**
 * Runs all parts of a mixed action at once. A required part that fails fails the action and cancels the
 * others; an optional one gives its fallback, else null. When all have failed, that is a 502.
 *
 * Parts that are streams are refused with 501. With an `api` that is not the one of a mixed action,
 * nothing is cancelled but by `abortSignal`.
 *
 * @throws GatewayCallError, or TypeError for what is no part
 */
export async function settle<
  Api,
  Parts extends Readonly<Record<string, Part<Api, PartExtra, undefined, unknown>>>,
>(api: Api, parts: Parts): Promise<Settled<Parts>> {
  const settled = await settleParts(api, readParts('settle', parts), (part, bound, abortSignal) => {
    return part.run(bound, { abortSignal }, undefined);
  });
  return settled as Settled<Parts>;
}

interface Outcome {
  readonly key: string;
  readonly data: unknown;
  readonly error?: PartError;
}

export async function settleParts(
  api: unknown,
  parts: readonly NamedPart[],
  start: StartPart,
): Promise<Settled<Record<string, AnyPart>>> {
  const binding = readBinding(api);
  const aborts = parts.map(() => new CallAbort(binding?.signal));

  async function toOutcome(named: NamedPart, abort: CallAbort): Promise<Outcome> {
    const [key, part] = named;
    try {
      return { key, data: await runPart(part, abort, { api, binding, start }) };
    } catch (thrown) {
      return toFailedOutcome(named, thrown, binding);
    }
  }

  try {
    const running = parts.map((named, index) => toOutcome(named, aborts[index]!));
    return toSettled(await Promise.all(running), binding);
  } catch (thrown) {
    // What the others still do, nobody will read.
    for (const abort of aborts) abort.cancel();
    throw thrown;
  }
}

function toFailedOutcome(
  [key, part]: NamedPart,
  thrown: unknown,
  binding: ContextBinding | undefined,
): Outcome {
  if (thrown instanceof CallAborted) throw thrown;
  if (part.isRequired) throw toActionFailure(key, thrown, binding);
  // A failed call is in the log already; of a fault of the function, nobody else tells.
  if (binding && !(thrown instanceof GatewayCallError)) {
    binding.logFailure(binding.caller.ctx, `The optional part ${key} failed`, thrown);
  }
  return { key, data: part.fallback, error: toPartError(key, thrown) };
}

function toSettled(outcomes: readonly Outcome[], binding: ContextBinding | undefined) {
  const errors = outcomes.flatMap(({ error }) => error ?? []);
  if (errors.length > 0 && errors.length === outcomes.length) {
    const failure = { status: 502, code: 'ALL_PARTS_FAILED', text: 'allPartsFailed' } as const;
    throw createPartFailure(binding, { ...failure, details: { parts: errors } });
  }
  // Defines what it makes: a part may have the name of a member of Object.prototype.
  return { data: Object.fromEntries(outcomes.map(({ key, data }) => [key, data])), errors };
}
