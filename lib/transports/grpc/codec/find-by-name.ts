import { Namespace, Type } from 'protobufjs';
import type { ReflectionObject, Root } from 'protobufjs';

/**
 * What has exactly this full name. protobufjs's own lookup finds objects of other packages whose
 * name ends alike, and remembers every name it was asked for.
 */
export function findByName(root: Root, fullName: string): ReflectionObject | undefined {
  let found: ReflectionObject | undefined = root;
  for (const name of fullName.split('.')) {
    const nested: Namespace['nested'] = found instanceof Namespace ? found.nested : undefined;
    found = nested && Object.hasOwn(nested, name) ? nested[name] : undefined;
  }
  return found;
}

/** `type.googleapis.com/package.Message` names what stands behind the last slash. */
export function findTypeByUrl(root: Root, typeUrl: string): Type | undefined {
  const found = findByName(root, typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
  return found instanceof Type ? found : undefined;
}
