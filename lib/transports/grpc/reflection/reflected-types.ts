import { Root } from 'protobufjs';
import { addErrorProtos, addProtoFiles, isBundled } from '../proto-files';
import { listServices, readService } from '../service-types';
import type { ServiceTypes } from '../service-types';
import type { DescriptorCodec } from './descriptor-codec';
import { addFile, hasCustomOptions } from './descriptor-root';
import type { FileDescriptor } from './descriptors';
import type { ReflectedFile } from './fetch-files';
import { ReflectionError } from './reflection-error';
import type { ReflectedSymbol } from './reflection-error';

export interface RootOptions {
  /** False raises field names to camelCase, as protobufjs does with proto files. */
  readonly keepCase: boolean;
  /** Proto files with custom options that the server does not describe. */
  readonly extensionProtos?: {
    readonly filenames: readonly string[];
    readonly includeProtoRoots?: readonly string[];
  };
}

/** The service that was looked up, its names as in the proto file. Throws ReflectionError. */
export function toServiceTypes(
  files: readonly ReflectedFile[],
  codec: DescriptorCodec,
  symbol: ReflectedSymbol,
): ServiceTypes {
  const root = toRoot(files, codec, { symbol, keepCase: true });
  const service = readService(root, symbol.protoKey);
  if (service) return service;
  const told = `the files of the server have no such service${listServices(root)}`;
  throw new ReflectionError('notFound', symbol, told);
}

/** A resolved root of everything in the files. Throws ReflectionError for what does not fit. */
export function toRoot(
  files: readonly ReflectedFile[],
  codec: DescriptorCodec,
  { symbol, ...options }: RootOptions & { readonly symbol: ReflectedSymbol },
): Root {
  try {
    const plain = files.map(({ descriptor }) => descriptor);
    const isCustom = hasCustomOptions(plain) || options.extensionProtos !== undefined;
    if (!isCustom) return buildRoot(plain, options);
    // Only the types of the files themselves know what their custom options mean.
    const types = buildRoot(plain, { ...options, keepCase: true });
    return buildRoot(
      files.map(({ bytes }) => codec.decodeFile(bytes, types)),
      options,
    );
  } catch (cause) {
    const reason = `its descriptors do not fit together: ${(cause as Error).message}`;
    throw new ReflectionError('invalid', symbol, reason, cause);
  }
}

function buildRoot(files: readonly FileDescriptor[], options: RootOptions): Root {
  const { keepCase, extensionProtos } = options;
  const root = new Root();
  for (const file of files) addFile(root, file, options);
  const sent = new Set(files.map(({ name }) => name));
  const imports = new Set(files.flatMap(({ dependency = [] }) => dependency));
  const missing = [...imports].filter((name) => !sent.has(name) && isBundled(name));
  addProtoFiles(root, missing, { keepCase });
  if (extensionProtos) {
    const { filenames, includeProtoRoots = [] } = extensionProtos;
    addProtoFiles(root, filenames, {
      includeRoots: includeProtoRoots,
      keepCase,
      skipDefined: true,
    });
  }
  addErrorProtos(root, keepCase);
  return root.resolveAll() as Root;
}
