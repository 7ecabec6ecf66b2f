import type { ActionDefinition, GrpcActionType, GrpcDefinition } from '../../schema/definitions';

/** Told by its members alone, so that asking does not load grpc-js. */
export function isGrpcDefinition(definition: ActionDefinition): definition is GrpcDefinition {
  const { protoKey, action, protoPath } = definition as {
    protoKey?: unknown;
    action?: unknown;
    protoPath?: unknown;
  };
  return [protoKey, action, protoPath].every((member) => typeof member === 'string');
}

export function typeOf(definition: GrpcDefinition): GrpcActionType {
  return definition.type ?? 'unary';
}
