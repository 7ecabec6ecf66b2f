/**
 * Runs what only observes, such as a log or stats: what it throws, or rejects with later, goes to
 * `onError` and changes no outcome (RELIABILITY G5).
 */
export function observe(
  step: () => unknown,
  onError: (error: unknown) => void = () => undefined,
): void {
  try {
    const made = step() as PromiseLike<unknown> | undefined;
    if (typeof made?.then === 'function') made.then(undefined, onError);
  } catch (error) {
    onError(error);
  }
}
