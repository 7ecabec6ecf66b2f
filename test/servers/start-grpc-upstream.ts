import { join } from 'node:path';
import { loadPackageDefinition, Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceClientConstructor, UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { closeAfterTest } from './closing';

export const PROTO_ROOT = join(__dirname, '..', 'transports', 'grpc', 'protos');

export interface GrpcUpstreamOptions {
  proto?: string;
  service?: string;
  credentials?: ServerCredentials;
  port?: number;
}

/** A real gRPC server; the proto is read by proto-loader, independently of the gateway. */
export async function startGrpcUpstream(
  implementation: UntypedServiceImplementation,
  { proto = 'shop.proto', service = 'shop.Items', credentials, port = 0 }: GrpcUpstreamOptions = {},
) {
  const definition = loadSync(join(PROTO_ROOT, proto), {
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
    includeDirs: [PROTO_ROOT],
  });
  let found: unknown = loadPackageDefinition(definition);
  for (const name of service.split('.')) found = (found as Record<string, unknown>)[name];
  const server = new Server();
  server.addService((found as ServiceClientConstructor).service, implementation);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `127.0.0.1:${port}`,
      credentials ?? ServerCredentials.createInsecure(),
      (error, actual) => (error ? reject(error) : resolve(actual)),
    );
  });
  const close = () => Promise.resolve(server.forceShutdown());
  closeAfterTest(close);
  return { server, port: bound, address: `127.0.0.1:${bound}`, close };
}

/** An error as a gRPC server sends it. */
export function grpcError(code: number, details: string, metadata = new Metadata()) {
  return Object.assign(new Error(details), { code, details, metadata });
}
