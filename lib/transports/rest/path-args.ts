import { types } from 'node:util';
import { hideText, showBytes, showDate } from './path-opaque';
import { INVALID_PATH_VALUE, toPathSegments, toPathValue } from './path-value';
import { createView } from './path-view';
import type { PathReader } from './path-view';

/** What a `path` function did with the args, as far as it decides about the finished path. */
export interface PathReads {
  any: boolean;
  /** An argument that is missing or null was read. */
  missing: boolean;
  /** Elements of an array were read, perhaps more than there are. */
  elements: boolean;
  /** An empty string was read, or an element that `join` makes one. */
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
}

/**
 * The view of the args that `path(args)` sees: every string in it, keys too, reads encoded, an unsafe
 * one as the marker. Only what is read costs anything.
 */
export function createPathArgs(args: unknown, options: PathArgsOptions) {
  const { encode, segments } = options;
  const reads = createReads();
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
      return value;
    }
    if (typeof value === 'string') return readText(value, toText);
    // A closure answers what nothing has checked: to call it refuses the path.
    if (typeof value === 'function') return coerce;
    if (types.isUint8Array(value)) return showBytes(value, readBytesText, coerce);
    if (types.isDate(value)) return showDate(value, coerce);
    return typeof value === 'object' ? viewOf(value, reader) : value;
  }

  function readText(value: string, toText: typeof toPathValue): string {
    if (value === '') reads.empty = true;
    const shown = toText(value, encode);
    reads.texts.push(shown);
    return shown;
  }

  /** Bytes pass as they are. */
  function readBytesText(text: string): string {
    return readText(text, () => toPathValue(text, false));
  }

  function viewOf(source: object, reader: PathReader): object {
    const view = views.get(source) ?? createView(source, reader);
    views.set(source, view);
    return view;
  }

  const reader: PathReader = {
    read: (value) => read(value),
    readKey: (own) => read(own) as string,
    showKey: (own) => toPathValue(own, encode),
    coerce,
    noteElement(element) {
      reads.elements = true;
      if (element === undefined || element === null) reads.empty = true;
    },
  };
  const rootReader: PathReader = {
    ...reader,
    read: (value, name) => read(value, segments.has(String(name)) ? toPathSegments : undefined),
  };
  const isObject = typeof args === 'object' && args !== null;
  return { view: isObject ? viewOf(args, rootReader) : read(args), reads };
}

function createReads(): PathReads {
  return {
    any: false,
    missing: false,
    elements: false,
    empty: false,
    coerced: false,
    texts: [],
  };
}
