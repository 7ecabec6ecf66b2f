import type { Mark } from './marks';

const EXPRESS_VERSIONS = [4, 5] as const;

export type ExpressVersion = (typeof EXPRESS_VERSIONS)[number];

/**
 * What the gateway promises under a mark of docs/reliability.md, as one sentence, and the tests that
 * show it. They run over each version of Express.
 */
export function promise(
  mark: Mark,
  sentence: string,
  tests: (express: ExpressVersion) => void,
): void {
  describe.each(EXPRESS_VERSIONS)(`${mark} ${sentence} (Express %i)`, tests);
}

/** The same for what has nothing to do with Express. */
export function promiseOnce(mark: Mark, sentence: string, tests: () => void): void {
  describe(`${mark} ${sentence}`, tests);
}
