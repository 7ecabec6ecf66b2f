/** Puts `members` in the way of those that a value inherits. */
export function hideMembers<T extends object>(value: T, members: Record<PropertyKey, unknown>): T {
  for (const key of Reflect.ownKeys(members)) {
    Object.defineProperty(value, key, { value: members[key as string], configurable: true });
  }
  return value;
}

/** Puts `toText` in the way of every implicit conversion to a string. */
export function hideText<T extends object>(value: T, toText: () => string): T {
  return hideMembers(value, {
    toString: toText,
    toLocaleString: toText,
    [Symbol.toPrimitive]: () => toText(),
  });
}

/** A method runs on the view, and so reads checked values; its source is no text for a path. */
export function showMethod(method: (...args: unknown[]) => unknown, coerce: () => string) {
  function callMethod(this: unknown, ...given: unknown[]): unknown {
    return Reflect.apply(method, this, given);
  }
  return hideText(callMethod, coerce);
}

/** A date has methods that say in which form it is wanted; by itself it is an object. */
export function showDate(date: Date, coerce: () => string): Date {
  const copy = new Date(date);
  const time = copy.getTime();
  return hideMembers(copy, {
    toString: coerce,
    [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? time : coerce()),
  });
}

const RAW_SLICES = Object.getOwnPropertyNames(Buffer.prototype).filter((name) =>
  /.Slice$/.test(name),
);

/** Bytes pass as they are; as text they, and parts of them, are read like any other text. */
export function showBytes(
  bytes: Uint8Array,
  readText: (text: string) => string,
  coerce: () => string,
): Buffer {
  const plain = Buffer.from(bytes);
  const toText = (encoding?: BufferEncoding, start?: number, end?: number) => {
    return readText(plain.toString(encoding, start, end));
  };
  const toPart = (start?: number, end?: number) => {
    return showBytes(plain.subarray(start, end), readText, coerce);
  };
  const shown = hideText(plain.subarray(), toText);
  hideMembers(shown, { subarray: toPart, slice: toPart });
  return hideMembers(shown, Object.fromEntries(RAW_SLICES.map((name) => [name, coerce])));
}
