import { types } from 'node:util';
import { INVALID_PATH_VALUE, toPathSegments, toPathValue } from './path-value';

/** What a `path` function did with the args, as far as it decides about the finished path. */
export interface PathReads {
  any: boolean;
  /** An argument that is missing or null was read. */
  missing: boolean;
  /** An empty string was read. */
  empty: boolean;
  /** An object or array was turned into a string. */
  coerced: boolean;
  /** The string arguments read, as given. */
  readonly strings: string[];
}

export interface PathArgsOptions {
  readonly encode: boolean;
  /** Names of top-level arguments that may contain slashes. */
  readonly segments: ReadonlySet<string>;
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
    empty: false,
    coerced: false,
    strings: [],
  };
  const views = new WeakMap<object, object>();

  function read(value: unknown, toText = toPathValue): unknown {
    reads.any = true;
    if (value === undefined || value === null) reads.missing = true;
    if (typeof value === 'string') {
      reads.strings.push(value);
      if (value === '') reads.empty = true;
      return toText(value, options.encode);
    }
    if (types.isUint8Array(value)) return viewOfBytes(value);
    if (types.isDate(value)) return hideMembers(new Date(value), coerce);
    return typeof value === 'object' && value !== null ? viewOf(value) : value;
  }

  /** Bytes pass as they are; as text they are checked like any other text. */
  function viewOfBytes(bytes: Uint8Array): Buffer {
    const plain = Buffer.from(bytes);
    const toText = (encoding?: BufferEncoding, start?: number, end?: number) => {
      const text = plain.toString(encoding, start, end);
      if (text === '') reads.empty = true;
      return toPathValue(text, false);
    };
    return hideMembers(plain.subarray(), toText);
  }

  function coerce(): string {
    reads.coerced = true;
    return INVALID_PATH_VALUE;
  }

  function viewOf(source: object, isRoot = false): object {
    const known = views.get(source);
    if (known) return known;
    const target: object = Array.isArray(source) ? new Array<unknown>(source.length) : {};
    const view: object = new Proxy(target, createHandler(source, isRoot));
    views.set(source, view);
    return view;
  }

  function createHandler(source: object, isRoot: boolean): ProxyHandler<object> {
    const isArray = Array.isArray(source);
    /** Keys read like values; this finds the way back from the text that was shown. */
    const ownKey = (key: PropertyKey): PropertyKey | undefined => {
      if (Object.hasOwn(source, key)) return key;
      if (typeof key === 'symbol') return undefined;
      return Object.keys(source).find((own) => toPathValue(own, options.encode) === key);
    };
    const showKey = (key: PropertyKey): PropertyKey => {
      return typeof key === 'string' && !isArray ? (read(key) as string) : key;
    };
    return {
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
      get(target, key, receiver) {
        const own = isArray && key === 'length' ? undefined : ownKey(key);
        if (own !== undefined) {
          const toText = isRoot && options.segments.has(String(own)) ? toPathSegments : undefined;
          return read(Reflect.get(source, own, receiver), toText);
        }
        if (COERCIONS.has(key)) return key === 'toJSON' ? undefined : coerce;
        // Methods of arrays and classes run on the view, and so read checked values.
        const inherited: unknown = Reflect.get(isArray ? target : source, key, receiver);
        return typeof inherited === 'function' || isArray ? inherited : read(inherited);
      },
      has: (target, key) => ownKey(key) !== undefined || Reflect.has(target, key),
      ownKeys: () => [...new Set(Reflect.ownKeys(source).map(showKey))] as string[],
      getOwnPropertyDescriptor(target, key) {
        if (isArray && key === 'length') return Reflect.getOwnPropertyDescriptor(target, key);
        const own = ownKey(key);
        const given = own === undefined ? undefined : Reflect.getOwnPropertyDescriptor(source, own);
        if (own === undefined || !given) return undefined;
        const enumerable = given.enumerable === true;
        return {
          value: read(Reflect.get(source, own)),
          enumerable,
          configurable: true,
          writable: true,
        };
      },
    };
  }

  const isObject = typeof args === 'object' && args !== null;
  return { view: isObject ? viewOf(args, true) : read(args), reads };
}

/** Puts `toText` in the way of every implicit conversion to a string. */
function hideMembers<T extends object>(value: T, toText: () => string): T {
  const member = (conversion: () => string) => ({ value: conversion, enumerable: false });
  return Object.defineProperties(value, {
    toString: member(toText),
    [Symbol.toPrimitive]: member(() => toText()),
  });
}
