import { createFailure, runHook } from '../../call/failure';
import type { Call } from '../../call/call';
import { GatewayCallError } from '../../errors/gateway-error';
import type { RestDefinition } from '../../schema/definitions';
import { createPathArgs } from './path-args';
import type { PathArgsOptions, PathReads } from './path-args';
import { INVALID_PATH_VALUE } from './path-value';
import { findPathFault, isPlainPath, joinUrl, nameArguments, parseUrl, staysBelow } from './url';
import type { ParsedEndpoint } from './url';

/** Builds the URL of a call, or fails it before anything is sent (RELIABILITY I3 and I4). */
export type ResolveUrl = (endpoint: string, call: Call) => Promise<FinishedUrl>;

/** A URL as it was put together, and what a request says of it. */
export interface FinishedUrl {
  readonly text: string;
  readonly origin: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly hasUserinfo: boolean;
}

type PathFunction = Exclude<RestDefinition['path'], string>;

export function compileResolveUrl(
  definition: RestDefinition,
  encode: boolean,
  parseEndpoint: (endpoint: string) => ParsedEndpoint | undefined,
): ResolveUrl {
  const { path, pathArgs = {} } = definition;
  const segments = Object.keys(pathArgs).filter((name) => pathArgs[name] === 'segments');
  const options: PathArgsOptions = { encode, segments: new Set(segments) };

  return async function resolveUrl(endpoint, call) {
    const base = parseEndpoint(endpoint);
    if (!base) throw invalidEndpoint();
    const finished = typeof path === 'string' ? path : await runPath(path, call);
    const text = joinUrl(endpoint, finished);
    const { origin, hasUserinfo } = base;
    return { text, origin, hasUserinfo, target: readTarget(base, text, { finished, call }) };
  };

  function readTarget(
    base: ParsedEndpoint,
    text: string,
    { finished, call }: { finished: string; call: Call },
  ): string {
    // Most paths need no parser to be sure of.
    const isPlainBase = base.pathname === '/' && base.url.search === '' && base.url.hash === '';
    if (isPlainBase && isPlainPath(finished)) return joinUrl('', finished) || '/';
    const parsed = parseUrl(text);
    if (!parsed || !staysBelow(base.url, parsed)) throw refuse(call, 'it leaves the endpoint');
    return parsed.pathname + parsed.search;
  }

  async function runPath(run: PathFunction, call: Call): Promise<string> {
    const { view, reads } = createPathArgs(call.args, options);
    const made: unknown = await runHook('path', () => run(view));
    const finished = toText(made, call, reads);
    const fault = findPathFault(finished, reads);
    if (fault !== undefined) throw refuse(call, fault);
    return finished;
  }
}

function toText(value: unknown, call: Call, reads: PathReads): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (reads.any) throw refuse(call, `${nameArguments(reads.missing, reads)} is missing or no text`);
  const data = { status: 500, code: 'INVALID_PATH', message: 'path did not return a string' };
  throw new GatewayCallError(data);
}

function invalidEndpoint(): GatewayCallError {
  const message = 'The endpoint is not an http or https URL';
  return new GatewayCallError({ status: 500, code: 'INVALID_ENDPOINT', message });
}

/** Says what was wrong, never the value. */
function refuse(call: Call, description: string): GatewayCallError {
  const details = { description };
  return createFailure(call, {
    status: 400,
    code: INVALID_PATH_VALUE,
    text: 'invalidPathParam',
    details,
  });
}
