import type { Root } from 'protobufjs';
import { loadProtoFiles } from './proto-files';
import { listServices, readService } from './service-types';
import type { ServiceTypes } from './service-types';

/** Loads proto files for one scope of one gateway: each file once, with its imports. */
export class ProtoFileSource {
  private readonly roots = new Map<string, Root>();

  constructor(private readonly includeRoots: readonly string[]) {}

  /** Throws, naming it, for a file, an import or a service that is not there. */
  load(protoPath: string, protoKey: string): ServiceTypes {
    const root = this.rootOf(protoPath);
    const service = readService(root, protoKey);
    if (!service) throw new Error(`${protoPath} has no service ${protoKey}${listServices(root)}`);
    return service;
  }

  private rootOf(protoPath: string): Root {
    const root = this.roots.get(protoPath) ?? loadProtoFiles([protoPath], this.includeRoots);
    this.roots.set(protoPath, root);
    return root;
  }
}
