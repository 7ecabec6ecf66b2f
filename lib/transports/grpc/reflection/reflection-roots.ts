import { Client } from '@grpc/grpc-js';
import type { ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import type { Root } from 'protobufjs';
import type { ActionEndpoint } from '../../../schema/definitions';
import { pathOf } from '../../../schema/endpoints';
import { PooledClient } from '../client-pool';
import { OptionsText } from '../options-text';
import { DescriptorCodec } from './descriptor-codec';
import { lookUp } from './look-up';
import { toRoot } from './reflected-types';
import type { RootOptions } from './reflected-types';
import { ReflectionError } from './reflection-error';
import { toGatewayCallError } from './reflection-failure';

/** Milliseconds for one lookup. */
const TIMEOUT_MS = 10_000;

/** Proto files with custom options: their names, or names below import roots. */
export type ExtensionProtos =
  | readonly string[]
  | { readonly filenames: readonly string[]; readonly includeProtoRoots?: readonly string[] };

export interface RootRequest {
  readonly actionEndpoint: ActionEndpoint;
  readonly protoKey: string;
  readonly credentials: ChannelCredentials;
  readonly grpcOptions: ChannelOptions | undefined;
  readonly extensionProtos?: ExtensionProtos | undefined;
}

/** Roots of services for programs that use protobufjs themselves, by the credentials they were had with. */
export class ReflectionRoots {
  private readonly byCredentials = new WeakMap<ChannelCredentials, Map<string, Promise<Root>>>();
  private readonly optionsText = new OptionsText();
  private readonly codec = new DescriptorCodec();

  /** Looked up once; a failed lookup is not kept. */
  cached(request: RootRequest): Promise<Root> {
    return this.rootsOf(request).get(this.keyOf(request)) ?? this.keep(request);
  }

  /** Looked up now. */
  fresh(request: RootRequest, addToCache: boolean): Promise<Root> {
    return addToCache ? this.keep(request) : this.load(request);
  }

  private keep(request: RootRequest): Promise<Root> {
    const roots = this.rootsOf(request);
    const key = this.keyOf(request);
    const before = roots.get(key);
    const root = this.load(request);
    roots.set(key, root);
    // What was there stays where a newer one cannot be had.
    root.catch(() => {
      if (roots.get(key) !== root) return;
      if (before) roots.set(key, before);
      else roots.delete(key);
    });
    return root;
  }

  private async load(request: RootRequest): Promise<Root> {
    const { actionEndpoint, protoKey, credentials, grpcOptions = {} } = request;
    const address = pathOf(actionEndpoint);
    const symbol = { address, protoKey };
    const grpc = new Client(address, credentials, grpcOptions);
    const client = new PooledClient(grpc, address, () => undefined);
    try {
      const { codec } = this;
      const wanted = { client, codec, symbol, timeoutMs: TIMEOUT_MS, known: undefined };
      const { files } = await lookUp(wanted);
      return toRoot(files, codec, { symbol, ...readOptions(request) });
    } catch (error) {
      throw error instanceof ReflectionError ? toGatewayCallError(error) : error;
    } finally {
      client.retire();
    }
  }

  private rootsOf({ credentials }: RootRequest): Map<string, Promise<Root>> {
    const roots = this.byCredentials.get(credentials) ?? new Map<string, Promise<Root>>();
    this.byCredentials.set(credentials, roots);
    return roots;
  }

  private keyOf({ actionEndpoint, protoKey, grpcOptions = {}, extensionProtos }: RootRequest) {
    const options = this.optionsText.of(grpcOptions);
    return JSON.stringify([pathOf(actionEndpoint), protoKey, options, extensionProtos]);
  }
}

function readOptions({ extensionProtos }: RootRequest): RootOptions {
  if (extensionProtos === undefined) return { keepCase: false };
  const protos = Array.isArray(extensionProtos) ? { filenames: extensionProtos } : extensionProtos;
  return {
    keepCase: false,
    extensionProtos: protos as Exclude<ExtensionProtos, readonly string[]>,
  };
}

/** The one state of a module (CONTRACT 7): programs that ask share what was learned. */
export const SHARED_ROOTS = new ReflectionRoots();
