import type { Metadata, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ApiServiceGrpcActionConfig, GatewayConfig } from '../../lib';
import { startGateway } from './start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from './start-grpc-upstream';

/** What `grpcActionAt` fills in: the method Get of test/transports/grpc/protos/shop.proto. */
export const SHOP_GET = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };
export const WITH_PROTOS: GatewayConfig<any, any, any> = { includeProtoRoots: [PROTO_ROOT] };

/** One gRPC action over `endpoints`, as `post` of the controller and as `call` of the api. */
export async function grpcActionAt(
  endpoints: object | string,
  definition: Partial<ApiServiceGrpcActionConfig> = {},
  config: GatewayConfig<any, any, any> = {},
) {
  const run = { ...SHOP_GET, ...definition };
  const schema = { root: { items: { endpoints, actions: { run } } } };
  const gateway = await startGateway(schema as never, { ...WITH_PROTOS, ...config });
  return {
    ...gateway,
    post: (args: unknown = {}, headers?: Record<string, string>) =>
      gateway.post('items/run', args, headers),
    call: (input: object = {}) => (gateway.api as any).items.run(input) as Promise<any>,
  };
}

/** The same over a server of its own. */
export async function startGrpcAction(
  implementation: UntypedServiceImplementation,
  definition: Partial<ApiServiceGrpcActionConfig> = {},
  config: GatewayConfig<any, any, any> = {},
) {
  const upstream = await startGrpcUpstream(implementation);
  const endpoint = { path: upstream.address, insecure: true };
  return { upstream, ...(await grpcActionAt(endpoint, definition, config)) };
}

/** A method that answers at once with `data` and remembers the calls. */
export function recordingMethod(data: object = {}, trailer?: Metadata) {
  const calls: { metadata: Metadata; request: any }[] = [];
  return {
    calls,
    get last() {
      const last = calls.at(-1);
      if (!last) throw new Error('the upstream received no call');
      return last;
    },
    method: (call: any, callback: any) => {
      calls.push(call);
      callback(null, data, trailer);
    },
  };
}
