import type { CallOptions } from '@grpc/grpc-js';
import type { Call } from '../../call/call';
import type { Attempt } from '../../call/transport';
import type { GrpcDefinition } from '../../schema/definitions';
import { typeOf } from './grpc-definition';

/** A stream lives as long as it must, unless the call or the action says how long. */
export function readCallOptions(
  { timeoutMs }: Attempt,
  call: Call,
  definition: GrpcDefinition,
): CallOptions {
  const { timeout } = definition;
  const isBounded =
    typeOf(definition) === 'unary' || call.timeout !== undefined || timeout !== undefined;
  if (!isBounded || !Number.isFinite(timeoutMs)) return {};
  return { deadline: Date.now() + timeoutMs };
}
