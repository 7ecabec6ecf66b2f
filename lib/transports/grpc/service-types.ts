import { Service } from 'protobufjs';
import type { Root, Type } from 'protobufjs';
import { findByName } from './codec/find-by-name';

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

/** The service of this full name; undefined where a resolved root has none. */
export function readService(root: Root, protoKey: string): ServiceTypes | undefined {
  const found = findByName(root, protoKey);
  return found instanceof Service ? { root, methods: readMethods(found) } : undefined;
}

function readMethods(service: Service): ReadonlyMap<string, MethodTypes> {
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

/** ` (it has a.B, a.C)`, for messages about a service that is not there; empty without any. */
export function listServices(root: Root): string {
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
