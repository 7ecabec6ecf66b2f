import { CLOSED } from '../../call/abort-failure';
import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import type { ActionEndpoint, GrpcDefinition } from '../../schema/definitions';
import { pathOf } from '../../schema/endpoints';
import type { ActionSource } from '../../schema/walk';
import type { ClientTarget, PooledClient } from './client-pool';
import type { ResolvedCredentials } from './credentials';
import type { GrpcParts } from './grpc-parts';

/** The client for the next attempt: after a deadline it is another one. */
export type Connect = () => PooledClient;

/** How an action comes by its clients. */
export function compileConnect(
  { definition, scope }: ActionSource<GrpcDefinition>,
  parts: GrpcParts,
) {
  const { pool } = parts;

  /** Only an endpoint that a function has chosen is wrong as late as here; logs say how. */
  function resolveCredentials(call: Call, endpoint: ActionEndpoint): ResolvedCredentials {
    try {
      return parts.credentials.resolve(definition, endpoint);
    } catch (cause) {
      throw createFailure(call, { status: 500, code: 'INVALID_ENDPOINT', text: 'internal', cause });
    }
  }

  function createTarget(call: Call, endpoint: ActionEndpoint): ClientTarget {
    const credentials = resolveCredentials(call, endpoint);
    const options = parts.optionsOf(endpoint);
    const { protoKey } = definition;
    return pool.targetOf({ scope, address: pathOf(endpoint), protoKey, credentials, options });
  }

  // Only a function may choose another endpoint for the next call.
  const isStatic = typeof definition.endpoint !== 'function';
  let known: ClientTarget | undefined;

  return function connectTo(call: Call, endpoint: ActionEndpoint): Connect {
    const target = known ?? createTarget(call, endpoint);
    if (isStatic) known = target;
    return () => {
      if (pool.isClosed) throw createFailure(call, CLOSED);
      return pool.clientFor(target);
    };
  };
}
