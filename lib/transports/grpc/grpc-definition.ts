import type {
  ActionDefinition,
  ApiServiceReflectGrpcActionConfig,
  GrpcActionType,
  GrpcDefinition,
} from '../../schema/definitions';

/** Told by its members alone, so that asking does not load grpc-js. */
export function isGrpcDefinition(definition: ActionDefinition): definition is GrpcDefinition {
  const { protoKey, action, protoPath, reflection } = definition as unknown as Record<
    string,
    unknown
  >;
  return (
    [protoKey, action].every((member) => typeof member === 'string') &&
    (typeof protoPath === 'string' || reflection !== undefined)
  );
}

/** Whether the server itself describes the service. */
export function isReflected(
  definition: GrpcDefinition,
): definition is ApiServiceReflectGrpcActionConfig {
  return (definition as { protoPath?: unknown }).protoPath === undefined;
}

export function typeOf(definition: GrpcDefinition): GrpcActionType {
  return definition.type ?? 'unary';
}
