import type { ChannelOptions } from '@grpc/grpc-js';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { CompiledTransport } from '../../call/transport';
import type {
  ActionEndpoint,
  ExtendedGrpcActionEndpoint,
  GrpcDefinition,
} from '../../schema/definitions';
import { ClientPool } from './client-pool';
import { createCodec } from './codec/codec';
import type { Codec, JsonFormat } from './codec/codec';
import type { LoaderOptions } from './codec/loader-options';
import { compileGrpc } from './compile-grpc';
import { CredentialStore } from './credentials';
import { isGrpcDefinition } from './grpc-definition';
import type { GrpcParts } from './grpc-parts';
import type { GrpcTransport } from './lazy-grpc-transport';
import { ProtoFileSource } from './proto-file-source';
import { DescriptorCodec } from './reflection/descriptor-codec';
import { ReflectionSource } from './reflection/reflection-source';
import { SnapshotStore } from './reflection/snapshot-store';
import type { Root } from 'protobufjs';

/** Receive limit, and keepalive as servers accept it: only with calls, at most every 5 minutes (R7). */
const DEFAULT_OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': 100 * 1024 * 1024,
  'grpc.keepalive_time_ms': 300_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.keepalive_permit_without_calls': 0,
  // A server that comes back, also at another address, is found again within 5 s (R7).
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.dns_min_time_between_resolutions_ms': 2_000,
};

/** gRPC over grpc-js: one pool of clients, one set of proto roots per scope. */
export function createGrpcTransport(config: ResolvedConfig): GrpcTransport {
  const pool = new ClientPool();
  const parts: GrpcParts = {
    config,
    pool,
    credentials: new CredentialStore(config),
    sourceOf: memoize((_scope: string) => new ProtoFileSource(config.includeProtoRoots ?? [])),
    reflectionOf: createReflectionSources(config),
    codecOf: createCodecs(config.limits.decodeDepth),
    optionsOf: (endpoint) => ({
      ...DEFAULT_OPTIONS,
      'grpc.enable_http_proxy': config.proxyFromEnv ? 1 : 0,
      ...config.grpcOptions,
      ...ownOptions(endpoint),
    }),
  };
  return {
    kind: 'grpc',
    context: {
      get credentials() {
        return parts.credentials.ofConfig().credentials;
      },
    },
    endpointNames: ['grpcEndpoint', 'endpoint'],
    accepts: isGrpcDefinition,
    compile: (source, site): CompiledTransport => {
      return compileGrpc(
        { ...source, definition: source.definition as GrpcDefinition },
        site,
        parts,
      );
    },
    close() {
      pool.close();
      return Promise.resolve();
    },
  };
}

function ownOptions(endpoint: ActionEndpoint): ChannelOptions | undefined {
  return typeof endpoint === 'object'
    ? (endpoint as ExtendedGrpcActionEndpoint).grpcOptions
    : undefined;
}

function memoize<Key, Value>(create: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const value = made.get(key) ?? create(key);
    made.set(key, value);
    return value;
  };
}

/** What reads descriptors is made with the first reflected action. */
function createReflectionSources({ limits, logger, reflectionSnapshot }: ResolvedConfig) {
  const codecOf = memoize((_name: 'descriptors') => new DescriptorCodec());
  return memoize((scope: string) => {
    const codec = codecOf('descriptors');
    const snapshots =
      reflectionSnapshot === undefined
        ? undefined
        : new SnapshotStore(reflectionSnapshot, scope, codec);
    return new ReflectionSource({
      codec,
      timeoutMs: limits.reflectionTimeoutMs,
      logger,
      snapshots,
    });
  });
}

function createCodecs(maxDepth: number) {
  // Roots of reflection come and go.
  const made = new WeakMap<Root, (format: JsonFormat) => Codec>();
  return (root: Root, format: JsonFormat, anyOptions?: LoaderOptions) => {
    if (anyOptions) return createCodec(root, format, maxDepth, anyOptions);
    const ofRoot = made.get(root) ?? memoize((one) => createCodec(root, one, maxDepth));
    made.set(root, ofRoot);
    return ofRoot(format);
  };
}
