import { showMethod } from './path-opaque';

/** How members of args are shown; made by `createPathArgs`. */
export interface PathReader {
  /** A member as the path function sees it. */
  read(this: void, value: unknown, name: PropertyKey): unknown;
  readKey(this: void, own: string): string;
  /** What `readKey` answers, without counting as a read. */
  showKey(this: void, own: string): string;
  /** In place of functions: refuses the path. */
  coerce(this: void): string;
  /** An element of an array is read, perhaps one that is not there. */
  noteElement(this: void, element: unknown): void;
}

const COERCIONS: ReadonlySet<PropertyKey> = new Set([
  Symbol.toPrimitive,
  'toString',
  'toLocaleString',
  'valueOf',
]);

/** A view of an object: over an empty target, never over the object, so that frozen ones work. */
export function createView(source: object, reader: PathReader): object {
  if (!Array.isArray(source)) return new Proxy({}, createHandler(source, reader));
  return new Proxy(new Array<unknown>(source.length), createArrayHandler(source, reader));
}

function createHandler(source: object, reader: PathReader): ProxyHandler<object> {
  const { read, readKey, coerce } = reader;
  const ownKey = createKeyLookup(source, reader);
  // Getters run on the args themselves: what they answer is checked and encoded once, here.
  const readOwn = (own: PropertyKey) => read(Reflect.get(source, own), own);
  return {
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
    get(_target, key) {
      const own = ownKey(key);
      if (own !== undefined) return readOwn(own);
      if (COERCIONS.has(key)) return coerce;
      const inherited: unknown = Reflect.get(source, key);
      if (typeof inherited === 'function') return showMethod(inherited as never, coerce);
      // The language itself asks for symbols; no argument is missing then.
      return typeof key === 'symbol' && inherited === undefined ? undefined : read(inherited, key);
    },
    has: (target, key) => ownKey(key) !== undefined || Reflect.has(target, key),
    ownKeys() {
      const keys = Reflect.ownKeys(source);
      return [...new Set(keys.map((key) => (typeof key === 'string' ? readKey(key) : key)))];
    },
    getOwnPropertyDescriptor(_target, key) {
      const own = ownKey(key);
      const given = own === undefined ? undefined : Reflect.getOwnPropertyDescriptor(source, own);
      if (own === undefined || !given) return undefined;
      const enumerable = given.enumerable === true;
      return { value: readOwn(own), enumerable, configurable: true, writable: true };
    },
  };
}

/** Keys are shown like values; this finds the way back from the text that was shown. */
function createKeyLookup(source: object, { showKey }: PathReader) {
  let byShownKey: Map<PropertyKey, string> | undefined;
  return function ownKey(key: PropertyKey): PropertyKey | undefined {
    if (Object.hasOwn(source, key)) return key;
    byShownKey ??= new Map(Object.keys(source).map((own) => [showKey(own), own]));
    return byShownKey.get(key);
  };
}

/** Methods of arrays run on the view, and so read checked elements. */
function createArrayHandler(source: object, reader: PathReader): ProxyHandler<object> {
  const handler = createHandler(source, reader);
  return {
    ...handler,
    get(target, key, receiver) {
      const isElement = key !== 'length' && Object.hasOwn(source, key);
      reader.noteElement(isElement ? Reflect.get(source, key) : key);
      if (isElement || COERCIONS.has(key)) {
        return handler.get?.(target, key, receiver) as unknown;
      }
      const inherited: unknown = Reflect.get(target, key, receiver);
      return inherited === undefined && typeof key === 'string'
        ? reader.read(inherited, key)
        : inherited;
    },
    getOwnPropertyDescriptor(target, key) {
      if (key === 'length') return Reflect.getOwnPropertyDescriptor(target, key);
      return handler.getOwnPropertyDescriptor?.(target, key);
    },
  };
}
