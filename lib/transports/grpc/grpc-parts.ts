import type { ChannelOptions } from '@grpc/grpc-js';
import type { Root } from 'protobufjs';
import type { ResolvedConfig } from '../../config/resolve-config';
import type { ActionEndpoint } from '../../schema/definitions';
import type { ClientPool } from './client-pool';
import type { Codec, JsonFormat } from './codec/codec';
import type { LoaderOptions } from './codec/loader-options';
import type { CredentialStore } from './credentials';
import type { ProtoFileSource } from './proto-file-source';
import type { ReflectionSource } from './reflection/reflection-source';

/** What the gRPC actions of one gateway share. */
export interface GrpcParts {
  readonly config: ResolvedConfig;
  readonly pool: ClientPool;
  readonly credentials: CredentialStore;
  readonly sourceOf: (scope: string) => ProtoFileSource;
  readonly reflectionOf: (scope: string) => ReflectionSource;
  /** Shared by all actions without `anyOptions`. */
  readonly codecOf: (root: Root, format: JsonFormat, anyOptions?: LoaderOptions) => Codec;
  readonly optionsOf: (endpoint: ActionEndpoint) => ChannelOptions;
}
