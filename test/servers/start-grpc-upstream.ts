import { join } from 'node:path';
import { loadPackageDefinition, Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceClientConstructor, UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { closeAfterTest } from './closing';

export const BUNDLED_PROTOS = join(__dirname, '..', '..', 'protos');
export const PROTO_ROOT = join(__dirname, '..', 'transports', 'grpc', 'protos');

export interface GrpcUpstreamOptions {
  /** Where `proto` and its imports are. */
  root?: string;
  proto?: string;
  service?: string;
  credentials?: ServerCredentials;
  host?: string;
  port?: number;
}

/** A real gRPC server; the proto is read by proto-loader, independently of the gateway. */
export async function startGrpcUpstream(
  implementation: UntypedServiceImplementation,
  options: GrpcUpstreamOptions = {},
) {
  const { root = PROTO_ROOT, proto = 'shop.proto', service = 'shop.Items' } = options;
  const { credentials, host = '127.0.0.1', port = 0 } = options;
  const definition = loadSync(join(root, proto), {
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
    includeDirs: [root, BUNDLED_PROTOS],
  });
  let found: unknown = loadPackageDefinition(definition);
  for (const name of service.split('.')) found = (found as Record<string, unknown>)[name];
  const server = new Server();
  server.addService((found as ServiceClientConstructor).service, implementation);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `${host}:${port}`,
      credentials ?? ServerCredentials.createInsecure(),
      (error, actual) => (error ? reject(error) : resolve(actual)),
    );
  });
  const close = () => Promise.resolve(server.forceShutdown());
  closeAfterTest(close);
  return { server, port: bound, address: `${host}:${bound}`, close };
}

/** An error as a gRPC server sends it. */
export function grpcError(code: number, details: string, metadata = new Metadata()) {
  return Object.assign(new Error(details), { code, details, metadata });
}
