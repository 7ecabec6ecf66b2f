import { createRequire } from 'node:module';
import type { ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import type { Root } from 'protobufjs';
import type { ActionEndpoint } from '../../schema/definitions';
import type { ExtensionProtos, ReflectionRoots } from './reflection/reflection-roots';

/** Loads grpc-js and protobufjs with the first call. */
function loadRoots(): ReflectionRoots {
  const require = createRequire(__filename);
  const module = require('./reflection/reflection-roots') as { SHARED_ROOTS: ReflectionRoots };
  return module.SHARED_ROOTS;
}

/**
 * The description of a service as a protobufjs Root with camelCase field names, looked up by gRPC
 * reflection (v1, then v1alpha) once for each endpoint, service, credentials object and options.
 * Callers that come together share one lookup of at most 10 s; one that fails is not kept.
 *
 * @param protoKey Full name of the service, with its package.
 * @param descriptorExtensionProto Proto files that declare custom options which the server does not describe.
 * @throws GatewayCallError, code `GRPC_REFLECTION_FAILED`; `error.debug` names endpoint and service
 */
export function getCachedReflectionRoot(
  actionEndpoint: ActionEndpoint,
  protoKey: string,
  credentials: ChannelCredentials,
  grpcOptions?: ChannelOptions,
  descriptorExtensionProto?: ExtensionProtos,
): Promise<Root> {
  const extensionProtos = descriptorExtensionProto;
  const request = { actionEndpoint, protoKey, credentials, grpcOptions, extensionProtos };
  return loadRoots().cached(request);
}

/**
 * The same, looked up anew by each call.
 *
 * @param addToCache Whether `getCachedReflectionRoot` gives this one from now on. Default false.
 * @throws GatewayCallError, code `GRPC_REFLECTION_FAILED`; `error.debug` names endpoint and service
 */
export function getReflectionRoot(
  actionEndpoint: ActionEndpoint,
  protoKey: string,
  credentials: ChannelCredentials,
  grpcOptions?: ChannelOptions,
  addToCache = false,
): Promise<Root> {
  return loadRoots().fresh({ actionEndpoint, protoKey, credentials, grpcOptions }, addToCache);
}
