import { createRequire } from 'node:module';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { Transport } from '../../call/transport';
import { isGrpcDefinition } from './grpc-definition';

type CreateTransport = (config: ResolvedConfig) => Transport;

/** Loads grpc-js and protobufjs with the first gRPC action: a REST-only gateway never does. */
export function createLazyGrpcTransport(config: ResolvedConfig): Transport {
  let loaded: Transport | undefined;

  function load(): Transport {
    const require = createRequire(__filename);
    const module = require('./grpc-transport') as { createGrpcTransport: CreateTransport };
    return module.createGrpcTransport(config);
  }

  return {
    kind: 'grpc',
    endpointNames: ['grpcEndpoint', 'endpoint'],
    accepts: isGrpcDefinition,
    compile(source, site) {
      loaded ??= load();
      return loaded.compile(source, site);
    },
    async close() {
      await loaded?.close();
    },
  };
}
