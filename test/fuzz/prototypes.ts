import { runInThisContext } from 'node:vm';

const NAMES = ['Object', 'Function', 'Array', 'String', 'Number', 'Error', 'Map', 'Promise'];

type Realm = Record<string, { prototype: object }>;
/** Tests run in a realm of their own, Node's modules in the first one. */
const REALMS = [globalThis, runInThisContext('globalThis')] as unknown as Realm[];
const PROTOTYPES = REALMS.flatMap((realm) => NAMES.map((name) => realm[name]?.prototype ?? {}));

/** Every member of the built-in prototypes, with what it is. */
function listMembers(): unknown[] {
  const members: unknown[] = [];
  for (const owner of PROTOTYPES) {
    for (const key of Reflect.ownKeys(owner)) {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(owner, key) ?? {};
      members.push(key, value, get, set);
    }
  }
  return members;
}

/** Gives a function that tells whether the built-in prototypes are as they were. */
export function watchPrototypes(): () => boolean {
  const before = listMembers();
  return function areUntouched() {
    const now = listMembers();
    return now.length === before.length && now.every((member, i) => Object.is(member, before[i]));
  };
}
