import type { CallOrigin } from './call';

/** What an option of an interceptor's factory must be. */
export interface FactoryRule {
  readonly expected: string;
  readonly isRequired?: boolean;
  accepts(value: unknown): boolean;
}

const ORIGINS: ReadonlySet<unknown> = new Set<CallOrigin>(['http', 'api', 'inner']);

/** `applyTo`: one that names no origin would guard nothing. */
export const APPLY_TO_RULE: FactoryRule = {
  expected: 'a list of "http", "api" or "inner"',
  accepts: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => ORIGINS.has(one)),
};

/**
 * Refuses options that are unknown, missing or of the wrong kind. Values are not shown: one may be a
 * secret.
 *
 * @throws TypeError that names factory and option
 */
export function checkFactoryOptions(
  factory: string,
  options: unknown,
  rules: Readonly<Record<string, FactoryRule>>,
): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${factory}: the options must be an object`);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(`${factory}: there is no option ${name}`);
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = (options as Record<string, unknown>)[name];
    const isFine = value === undefined ? !rule.isRequired : rule.accepts(value);
    if (!isFine) throw new TypeError(`${factory}: ${name} must be ${rule.expected}`);
  }
}
