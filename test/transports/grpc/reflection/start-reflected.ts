import type { GatewayConfig } from '../../../../lib';
import { GrpcReflection } from '../../../../lib';
import { grpcActionAt } from '../../../servers/start-grpc-action';
import { startReflectionUpstream } from '../../../servers/start-reflection-upstream';
import type { ReflectionUpstreamOptions } from '../../../servers/start-reflection-upstream';

/** An action that is described by its server; spread it over what `grpcActionAt` fills in. */
export const REFLECTED = {
  protoKey: 'zoo.Zoo',
  protoPath: undefined,
  action: 'EchoAnimal',
  reflection: GrpcReflection.OnFirstRequest,
};
export const ECHO_METHODS = { '/zoo.Zoo/EchoAnimal': (bytes: Buffer) => bytes };

/** A server that describes itself, and one action that is described by it. */
export async function startReflected(
  options: ReflectionUpstreamOptions = {},
  definition: object = {},
  config: GatewayConfig<any, any, any> = {},
) {
  const upstream = await startReflectionUpstream({ methods: ECHO_METHODS, ...options });
  const endpoint = { path: upstream.address, insecure: true };
  const action = { ...REFLECTED, ...definition } as object;
  return { upstream, ...(await grpcActionAt(endpoint, action, config)) };
}
