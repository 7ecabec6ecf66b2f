import { types } from 'node:util';
import { hideText, showBytes, showDate } from './path-opaque';
import { INVALID_PATH_VALUE, toPathSegments, toPathValue } from './path-value';
import { createView } from './path-view';
import type { PathReader } from './path-view';

/** What a `path` function did with the args, as far as it decides about the finished path. */
export interface PathReads {
  any: boolean;
  /** Elements of an array were read, perhaps more than there are. */
  elements: boolean;
  /** Arguments read that are missing or null; these four name them by their keys, with dots. */
  readonly missing: string[];
  /** An empty string was read, or an element that `join` makes one. */
  readonly empty: string[];
  /** An object or array was turned into a string. */
  readonly coerced: string[];
  /** Read as the marker. */
  readonly unsafe: string[];
  /** The string arguments read, as they were shown. */
  readonly texts: string[];
}

export interface PathArgsOptions {
  readonly encode: boolean;
  /** Names of top-level arguments that may contain slashes. */
  readonly segments: ReadonlySet<string>;
}

/**
 * The view of the args that `path(args)` sees: every string in it, keys too, reads encoded, an unsafe
 * one as the marker. Only what is read costs anything.
 */
export function createPathArgs(args: unknown, { encode, segments }: PathArgsOptions) {
  const reads = createReads();
  const views = new WeakMap<object, object>();

  function readText(name: string, value: string, toText = toPathValue, isEncoded = encode): string {
    if (value === '') reads.empty.push(name);
    const shown = toText(value, isEncoded);
    if (shown === INVALID_PATH_VALUE) reads.unsafe.push(name);
    reads.texts.push(shown);
    return shown;
  }

  function viewOf(source: object, place?: string): object {
    const view = views.get(source) ?? createView(source, createReader(place));
    views.set(source, view);
    return view;
  }

  function readValue(name: string, value: object, coerce: () => string): unknown {
    // Bytes pass as they are.
    const readBytes = (text: string) => readText(name, text, toPathValue, false);
    if (types.isUint8Array(value)) return showBytes(value, readBytes, coerce);
    return types.isDate(value) ? showDate(value, coerce) : viewOf(value, name);
  }

  /** For the members of the object at `place`; without one, of the args themselves. */
  function createReader(place?: string): PathReader {
    const nameOf = (key: PropertyKey) =>
      place === undefined ? String(key) : `${place}.${String(key)}`;
    const coerce = () => {
      reads.coerced.push(place ?? '');
      return INVALID_PATH_VALUE;
    };
    // Shown as a function, its own source is no text for a path either.
    hideText(coerce, coerce);

    function read(value: unknown, key: PropertyKey): unknown {
      reads.any = true;
      if (value === undefined || value === null) {
        reads.missing.push(nameOf(key));
        return value;
      }
      if (typeof value === 'string') {
        const mayHaveSlashes = place === undefined && segments.has(String(key));
        return readText(nameOf(key), value, mayHaveSlashes ? toPathSegments : toPathValue);
      }
      // A closure answers what nothing has checked: to call it refuses the path.
      if (typeof value === 'function') return coerce;
      return typeof value === 'object' ? readValue(nameOf(key), value, coerce) : value;
    }

    return {
      read,
      coerce,
      readKey(own) {
        reads.any = true;
        return readText(place ?? '', own);
      },
      showKey: (own) => toPathValue(own, encode),
      noteElement(element) {
        reads.elements = true;
        if (element === undefined || element === null) reads.empty.push(place ?? '');
      },
    };
  }

  const isObject = typeof args === 'object' && args !== null;
  return { view: isObject ? viewOf(args) : createReader().read(args, ''), reads };
}

function createReads(): PathReads {
  return {
    any: false,
    elements: false,
    missing: [],
    empty: [],
    coerced: [],
    unsafe: [],
    texts: [],
  };
}
