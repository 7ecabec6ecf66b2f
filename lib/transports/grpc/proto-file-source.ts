import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { Root, Service } from 'protobufjs';
import type { Type } from 'protobufjs';

/** The protos that ship with this package; beside lib/ and beside build/ alike. */
const BUNDLED = join(__dirname, '..', '..', '..', 'protos');

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
    const found = root.lookup(`.${protoKey}`);
    if (!(found instanceof Service)) {
      throw new Error(`${protoPath} has no service ${protoKey}${listServices(root)}`);
    }
    return { root, methods: readMethods(found) };
  }

  private rootOf(protoPath: string): Root {
    const known = this.roots.get(protoPath);
    if (known) return known;
    const root = new Root();
    const find = (path: string) => this.find(path);
    root.resolvePath = (origin, target) => {
      const path = find(target);
      if (path !== undefined) return path;
      throw new Error(`${target} is not found${origin ? ` (imported by ${origin})` : ''}`);
    };
    // The case of names is kept: the codec needs them as they stand in the file.
    root.loadSync([protoPath, ...listErrorProtos()], { keepCase: true });
    root.resolveAll();
    this.roots.set(protoPath, root);
    return root;
  }

  private find(target: string): string | undefined {
    if (isAbsolute(target)) return existsSync(target) ? target : undefined;
    const places = [...this.includeRoots, process.cwd(), BUNDLED];
    return places.map((place) => resolve(place, target)).find((path) => existsSync(path));
  }
}

/** What decodes status details and is part of every root, so that they find the user's types too. */
function listErrorProtos(): string[] {
  const ofRpc = readdirSync(join(BUNDLED, 'google', 'rpc')).map((name) => `google/rpc/${name}`);
  return [
    ...ofRpc,
    'google/protobuf/any.proto',
    'google/protobuf/wrappers.proto',
    'google/protobuf/struct.proto',
  ];
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
