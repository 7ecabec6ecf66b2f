import { checkFactoryOptions } from '../call/factory-options';
import type { FactoryRule } from '../call/factory-options';

const RULES: Readonly<Record<string, FactoryRule>> = {
  prefix: {
    expected: 'a path such as /gateway, or an empty text',
    accepts: (value) => typeof value === 'string' && /^(\/[^?#]*)?$/.test(value),
  },
  // A body of any length would be less than what is no number.
  bodyBytes: {
    expected: 'a number of bytes from 0',
    accepts: (value) => typeof value === 'number' && value >= 0,
  },
  prepare: {
    expected: 'a function of the request',
    accepts: (value) => typeof value === 'function',
  },
};

/**
 * Checks the options of a host that has no routes and parses no bodies.
 *
 * @throws TypeError that names factory and option
 */
export function checkHostOptions(factory: string, options: object): void {
  checkFactoryOptions(factory, options, RULES);
}
