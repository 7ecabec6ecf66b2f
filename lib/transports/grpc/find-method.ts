import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import { createStreamRefusal } from '../../call/message-stream';
import type { CompileSite } from '../../call/transport';
import type { GrpcDefinition } from '../../schema/definitions';
import type { ActionSource } from '../../schema/walk';
import { typeOf } from './grpc-definition';
import type { MethodTypes } from './proto-file-source';

/** The method of an action, by own name only; one that the service lacks is warned of. */
export function findMethod(
  definition: GrpcDefinition,
  methods: ReadonlyMap<string, MethodTypes>,
  warn: CompileSite['warn'],
): MethodTypes | undefined {
  const { action, protoKey } = definition;
  const method = methods.get(action);
  if (!method) {
    warn(`the service ${protoKey} has no method ${action}`);
    return undefined;
  }
  const kind = typeOf(definition);
  const isExpected =
    method.requestStream === (kind === 'clientStream' || kind === 'bidi') &&
    method.responseStream === (kind === 'serverStream' || kind === 'bidi');
  if (!isExpected) throw new Error(`the method ${protoKey}.${action} is not of the type ${kind}`);
  return method;
}

/** Fails a call that cannot be made, before anything is sent. */
export function assertCallable(
  { definition, service }: ActionSource<GrpcDefinition>,
  method: MethodTypes | undefined,
  call: Call,
): asserts method is MethodTypes {
  const kind = typeOf(definition);
  if (!method) throw createNotFound(call, definition.action, service);
  if (kind !== 'unary' && call.origin === 'http') throw createStreamRefusal(call);
  if (kind === 'clientStream' && typeof call.callback !== 'function') {
    const code = 'ACTION_CALLBACK_REQUIRED';
    throw createFailure(call, { status: 400, code, text: 'callbackRequired' });
  }
}

/** The text of this message is part of the contract (section 7). */
function createNotFound(call: Call, action: string, service: string) {
  const code = 'GRPC_ACTION_NOT_FOUND';
  const failure = createFailure(call, { status: 400, code, text: 'unknownAction' });
  failure.error.message = `Not found action ${action} in ${service}`;
  return failure;
}
