import { createFailure, runHook } from '../../call/failure';
import type { Call } from '../../call/call';
import { GatewayCallError } from '../../errors/gateway-error';
import type { RestDefinition } from '../../schema/definitions';
import { createPathArgs } from './path-args';
import type { PathArgsOptions, PathReads } from './path-args';
import { INVALID_PATH_VALUE } from './path-value';
import { findPathFault, joinUrl, parseHttpUrl, staysBelow } from './url';

/** Builds the URL of a call, or fails it before anything is sent (RELIABILITY I3 and I4). */
export type ResolveUrl = (endpoint: string, call: Call) => Promise<string>;

export function compileResolveUrl(definition: RestDefinition, encode: boolean): ResolveUrl {
  const { path, pathArgs = {} } = definition;
  const segments = Object.keys(pathArgs).filter((name) => pathArgs[name] === 'segments');
  const options: PathArgsOptions = { encode, segments: new Set(segments) };

  return async function resolveUrl(endpoint, call) {
    const base = parseHttpUrl(endpoint);
    if (!base) throw invalidEndpoint();
    if (typeof path === 'string') return joinUrl(endpoint, path);

    const { view, reads } = createPathArgs(call.args, options);
    const made: unknown = await runHook('path', () => path(view));
    const finished = toText(made, reads);
    const url = joinUrl(endpoint, finished);
    const fault =
      findPathFault(finished, reads) ??
      (staysBelow(base, url) ? undefined : 'it leaves the endpoint');
    if (fault !== undefined) throw refuse(call, fault);
    return url;

    function toText(value: unknown, { any }: PathReads): string {
      if (typeof value === 'string') return value;
      if (typeof value === 'number') return String(value);
      if (any) throw refuse(call, 'an argument is missing or no text');
      const data = { status: 500, code: 'INVALID_PATH', message: 'path did not return a string' };
      throw new GatewayCallError(data);
    }
  };
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
