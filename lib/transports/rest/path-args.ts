import { types } from 'node:util';
import { hideText, showBytes, showDate, showMethod } from './path-opaque';
import { INVALID_PATH_VALUE, toPathSegments, toPathValue } from './path-value';

/** What a `path` function did with the args, as far as it decides about the finished path. */
export interface PathReads {
  any: boolean;
  /** An argument that is missing or null was read. */
  missing: boolean;
  /** Elements of an array were read, perhaps more than there are. */
  elements: boolean;
  /** An empty string was read. */
  empty: boolean;
  /** An object or array was turned into a string. */
  coerced: boolean;
  /** The string arguments read, as they were shown. */
  readonly texts: string[];
}

export interface PathArgsOptions {
  readonly encode: boolean;
  /** Names of top-level arguments that may contain slashes. */
  readonly segments: ReadonlySet<string>;
  /** Shown in place of what is missing or empty. */
  readonly filler?: string;
}

const COERCIONS: ReadonlySet<PropertyKey> = new Set([
  Symbol.toPrimitive,
  'toString',
  'toLocaleString',
  'valueOf',
  'toJSON',
]);

/**
 * The view of the args that `path(args)` sees: every string in it, keys too, reads encoded, an unsafe
 * one as the marker. A proxy over an empty target, never over the args: frozen ones work, and only
 * what is read costs anything.
 */
export function createPathArgs(args: unknown, options: PathArgsOptions) {
  const reads: PathReads = {
    any: false,
    missing: false,
    elements: false,
    empty: false,
    coerced: false,
    texts: [],
  };
  const views = new WeakMap<object, object>();
  const coerce = () => {
    reads.coerced = true;
    return INVALID_PATH_VALUE;
  };
  // Shown as a function, its own source is no text for a path either.
  hideText(coerce, coerce);

  function read(value: unknown, toText = toPathValue): unknown {
    reads.any = true;
    if (value === undefined || value === null) {
      reads.missing = true;
      return options.filler ?? value;
    }
    if (typeof value === 'string') return readText(value, toText);
    // A closure answers what nothing has checked: to call it refuses the path.
    if (typeof value === 'function') return coerce;
    if (types.isUint8Array(value)) return showBytes(value, { coerce, onText: noteEmpty });
    if (types.isDate(value)) return showDate(value, coerce);
    return typeof value === 'object' ? viewOf(value) : value;
  }

  function readText(value: string, toText: typeof toPathValue): string {
    noteEmpty(value);
    if (value === '' && options.filler !== undefined) return options.filler;
    const shown = toText(value, options.encode);
    reads.texts.push(shown);
    return shown;
  }

  function noteEmpty(text: string): void {
    if (text === '') reads.empty = true;
  }

  function viewOf(source: object, isRoot = false): object {
    const known = views.get(source);
    if (known) return known;
    const isArray = Array.isArray(source);
    const target: object = isArray ? new Array<unknown>(source.length) : {};
    const handler = isArray ? createArrayHandler(source) : createHandler(source, isRoot);
    const view: object = new Proxy(target, handler);
    views.set(source, view);
    return view;
  }

  function createHandler(source: object, isRoot = false): ProxyHandler<object> {
    /** Keys read like values; this finds the way back from the text that was shown. */
    const ownKey = (key: PropertyKey): PropertyKey | undefined => {
      if (Object.hasOwn(source, key)) return key;
      if (typeof key === 'symbol') return undefined;
      return Object.keys(source).find((own) => toPathValue(own, options.encode) === key);
    };
    // Getters run on the args themselves: what they answer is checked and encoded once, here.
    const readOwn = (own: PropertyKey) => {
      const hasSegments = isRoot && options.segments.has(String(own));
      return read(Reflect.get(source, own), hasSegments ? toPathSegments : undefined);
    };
    const showKey = (key: PropertyKey) => (typeof key === 'string' ? (read(key) as string) : key);
    return {
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
      get(_target, key) {
        const own = ownKey(key);
        if (own !== undefined) return readOwn(own);
        if (COERCIONS.has(key)) return key === 'toJSON' ? undefined : coerce;
        const inherited: unknown = Reflect.get(source, key);
        if (typeof inherited === 'function') return showMethod(inherited as never, coerce);
        // The language itself asks for symbols; no argument is missing then.
        return typeof key === 'symbol' && inherited === undefined ? undefined : read(inherited);
      },
      has: (target, key) => ownKey(key) !== undefined || Reflect.has(target, key),
      ownKeys: () => [...new Set(Reflect.ownKeys(source).map(showKey))] as string[],
      getOwnPropertyDescriptor(_target, key) {
        const own = ownKey(key);
        const given = own === undefined ? undefined : Reflect.getOwnPropertyDescriptor(source, own);
        if (own === undefined || !given) return undefined;
        const enumerable = given.enumerable === true;
        return { value: readOwn(own), enumerable, configurable: true, writable: true };
      },
    };
  }

  /** Methods of arrays run on the view, and so read checked elements. */
  function createArrayHandler(source: object): ProxyHandler<object> {
    const handler = createHandler(source);
    return {
      ...handler,
      get(target, key, receiver) {
        reads.elements = true;
        const isElement = key !== 'length' && Object.hasOwn(source, key);
        if (isElement || COERCIONS.has(key)) {
          return handler.get?.(target, key, receiver) as unknown;
        }
        const inherited: unknown = Reflect.get(target, key, receiver);
        return inherited === undefined && typeof key === 'string' ? read(inherited) : inherited;
      },
      getOwnPropertyDescriptor(target, key) {
        if (key === 'length') return Reflect.getOwnPropertyDescriptor(target, key);
        return handler.getOwnPropertyDescriptor?.(target, key);
      },
    };
  }

  const isObject = typeof args === 'object' && args !== null;
  return { view: isObject ? viewOf(args, true) : read(args), reads };
}
