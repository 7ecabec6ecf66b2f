import { Service } from 'protobufjs';
import type { Root, Type } from 'protobufjs';
import { findByName } from './codec/find-by-name';
import { loadProtoFiles } from './proto-files';

export interface MethodTypes {
  readonly path: string;
  readonly request: Type;
  readonly response: Type;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** A service as a source of descriptions tells it. */
export interface ServiceTypes {
  readonly root: Root;
  readonly methods: ReadonlyMap<string, MethodTypes>;
}

/** Loads proto files for one scope of one gateway: each file once, with its imports. */
export class ProtoFileSource {
  private readonly roots = new Map<string, Root>();

  constructor(private readonly includeRoots: readonly string[]) {}

  /** Throws, naming it, for a file, an import or a service that is not there. */
  load(protoPath: string, protoKey: string): ServiceTypes {
    const root = this.rootOf(protoPath);
    const found = findByName(root, protoKey);
    if (!(found instanceof Service)) {
      throw new Error(`${protoPath} has no service ${protoKey}${listServices(root)}`);
    }
    return { root, methods: readMethods(found) };
  }

  private rootOf(protoPath: string): Root {
    const root = this.roots.get(protoPath) ?? loadProtoFiles([protoPath], this.includeRoots);
    this.roots.set(protoPath, root);
    return root;
  }
}

export function readMethods(service: Service): ReadonlyMap<string, MethodTypes> {
  const name = service.fullName.replace(/^\./, '');
  const methods = service.methodsArray.map((method) => {
    method.resolve();
    const { resolvedRequestType: request, resolvedResponseType: response } = method;
    if (!request || !response) throw new Error(`the types of ${name}.${method.name} are not found`);
    const types: MethodTypes = {
      path: `/${name}/${method.name}`,
      request,
      response,
      requestStream: method.requestStream === true,
      responseStream: method.responseStream === true,
    };
    return [method.name, types] as const;
  });
  return new Map(methods);
}

function listServices(root: Root): string {
  const names: string[] = [];
  const visit = (nested: Root['nestedArray']) => {
    for (const object of nested) {
      if (object instanceof Service) names.push(object.fullName.slice(1));
      else if ('nestedArray' in object) visit((object as Root).nestedArray);
    }
  };
  visit(root.nestedArray);
  return names.length > 0 ? ` (it has ${names.slice(0, 10).join(', ')})` : '';
}
