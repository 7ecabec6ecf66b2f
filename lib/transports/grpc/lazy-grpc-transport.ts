import { createRequire } from 'node:module';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { Transport } from '../../call/transport';
import type { GrpcContext } from '../../schema/definitions';
import { isGrpcDefinition } from './grpc-definition';

/** A transport that also serves functions which talk gRPC themselves. */
export interface GrpcTransport extends Transport {
  readonly context: GrpcContext;
}

type CreateTransport = (config: ResolvedConfig) => GrpcTransport;

/** Loads grpc-js and protobufjs with the first gRPC action: a REST-only gateway never does. */
export function createLazyGrpcTransport(config: ResolvedConfig): GrpcTransport {
  let loaded: GrpcTransport | undefined;

  function load(): GrpcTransport {
    const require = createRequire(__filename);
    const module = require('./grpc-transport') as { createGrpcTransport: CreateTransport };
    loaded ??= module.createGrpcTransport(config);
    return loaded;
  }

  return {
    kind: 'grpc',
    endpointNames: ['grpcEndpoint', 'endpoint'],
    accepts: isGrpcDefinition,
    compile: (source, site) => load().compile(source, site),
    get context() {
      return load().context;
    },
    async close() {
      await loaded?.close();
    },
  };
}
