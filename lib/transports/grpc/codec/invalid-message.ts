/** A value that does not fit the message it is meant for (RELIABILITY I8). Names the field, not the value. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage';
  private readonly path: string[] = [];

  constructor(readonly expected: string) {
    super(expected);
  }

  /** Called on the way out, once per level. */
  within(segment: string): this {
    this.path.unshift(segment);
    this.message = `${this.path.join('.')}: expected ${this.expected}`;
    return this;
  }
}

/** Runs a step of encoding; what is invalid in it is told with the field's name. */
export function withinField<T>(name: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof InvalidMessage ? error.within(name) : error;
  }
}
