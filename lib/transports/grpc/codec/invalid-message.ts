/** A value that does not fit the message it is meant for (RELIABILITY I8). Names the field, not the value. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage';
  private readonly path: string[] = [];

  constructor(readonly expected: string) {
    super(`expected ${expected}`);
  }

  /** Called on the way out, once per level. */
  within(segment: string): this {
    this.path.unshift(segment);
    this.message = `${this.path.join('.')}: expected ${this.expected}`;
    return this;
  }
}

/** What is invalid is told with the name of the field, item or entry it was found in. */
export function within(segment: string, error: unknown): unknown {
  return error instanceof InvalidMessage ? error.within(segment) : error;
}
