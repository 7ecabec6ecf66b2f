import type { Call } from '../../call/call';
import { createFailure } from '../../call/failure';
import { createStreamRefusal } from '../../call/message-stream';
import type { CompileSite } from '../../call/transport';
import type { GrpcDefinition } from '../../schema/definitions';
import type { ActionSource } from '../../schema/walk';
import { typeOf } from './grpc-definition';
import type { MethodTypes } from './service-types';

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
  if (!isOfKind(method, definition)) throw new Error(describeKind(definition));
  return method;
}

/** Whether a method streams as its action says. */
export function isOfKind(method: MethodTypes, definition: GrpcDefinition): boolean {
  const kind = typeOf(definition);
  return (
    method.requestStream === (kind === 'clientStream' || kind === 'bidi') &&
    method.responseStream === (kind === 'serverStream' || kind === 'bidi')
  );
}

export function describeKind(definition: GrpcDefinition): string {
  const { protoKey, action } = definition;
  return `the method ${protoKey}.${action} is not of the type ${typeOf(definition)}`;
}

/** Fails a call that cannot be made, before anything is sent. */
export function assertCallable({ definition }: ActionSource<GrpcDefinition>, call: Call): void {
  const kind = typeOf(definition);
  if (kind !== 'unary' && call.origin === 'http') throw createStreamRefusal(call);
  if (kind === 'clientStream' && typeof call.callback !== 'function') {
    const code = 'ACTION_CALLBACK_REQUIRED';
    throw createFailure(call, { status: 400, code, text: 'callbackRequired' });
  }
}

/** Fails the call of a method that the service does not have. The text is part of the contract (section 7). */
export function assertFound(
  { definition, service }: ActionSource<GrpcDefinition>,
  method: MethodTypes | undefined,
  call: Call,
): asserts method is MethodTypes {
  if (method) return;
  const code = 'GRPC_ACTION_NOT_FOUND';
  const failure = createFailure(call, { status: 400, code, text: 'unknownAction' });
  failure.error.message = `Not found action ${definition.action} in ${service}`;
  throw failure;
}
