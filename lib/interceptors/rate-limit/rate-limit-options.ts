import type { Call, CallOrigin } from '../../call/call';
import { APPLY_TO_RULE } from '../../call/factory-options';
import type { FactoryRule } from '../../call/factory-options';
import { isPolicyName } from './limit-fields';

/** A client of ioredis: `Redis` or `Cluster`. */
export interface RateLimitStore {
  defineCommand(name: string, definition: { lua: string; numberOfKeys?: number }): unknown;
  /** `ready` while commands can be sent. */
  readonly status?: string;
}

export interface RateLimitOptions {
  /** Calls that a key may make in a window. */
  points: number;
  /** Seconds that a window takes, from the first call in it; at most 2,147,483 (24 days). */
  durationSec: number;
  /**
   * Whom a call is counted for. Default: the client's address as Express tells it (`trust proxy`), of
   * IPv6 its /64; calls without an address count together.
   */
  key?: (call: Call) => string | Promise<string>;
  /** A client of ioredis, so that several processes count together. Default: memory of the process. */
  store?: RateLimitStore;
  /**
   * What happens while the store fails: `memory` counts in this process, `allow` lets all calls pass,
   * `deny` refuses them with 503 `RATE_LIMIT_UNAVAILABLE`. Default `memory`.
   */
  onStoreError?: 'memory' | 'allow' | 'deny';
  /** Milliseconds after which a store that does not answer fails. Default 1000. */
  storeTimeoutMs?: number;
  /** The calls that are counted. Default `['http']`. */
  applyTo?: readonly CallOrigin[];
  /** What the RateLimit fields call the limit; limits of one name share their counts in a store. Default `default`. */
  name?: string;
  /** What the keys in the store begin with. Default `sallyport:rate-limit`. */
  prefix?: string;
}

/** Node's longest timer, 2^31 - 1 ms: a longer one would end at once. */
const MAX_DURATION_SEC = 2_147_483;
/** What happens to calls while the store fails, for the log. */
export const MEANWHILE = {
  memory: 'this process counts in memory',
  allow: 'calls pass uncounted',
  deny: 'calls are refused',
};

const isWhole = (value: unknown, max: number) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max;

export const RATE_LIMIT_RULES = {
  points: {
    expected: 'a whole number from 1',
    isRequired: true,
    // RFC 9651 section 3.3.1: integers have at most 15 digits.
    accepts: (value) => isWhole(value, 999_999_999_999_999),
  },
  durationSec: {
    expected: `a whole number of seconds from 1 to ${MAX_DURATION_SEC}`,
    isRequired: true,
    accepts: (value) => isWhole(value, MAX_DURATION_SEC),
  },
  key: { expected: 'a function of the call', accepts: (value) => typeof value === 'function' },
  store: {
    expected: 'a client of ioredis',
    accepts: (value) =>
      typeof (value as Partial<RateLimitStore> | null)?.defineCommand === 'function',
  },
  onStoreError: {
    expected: '"memory", "allow" or "deny"',
    accepts: (value) => typeof value === 'string' && Object.hasOwn(MEANWHILE, value),
  },
  storeTimeoutMs: {
    expected: 'a whole number of milliseconds from 1',
    accepts: (value) => isWhole(value, MAX_DURATION_SEC * 1000),
  },
  applyTo: APPLY_TO_RULE,
  name: { expected: 'a text of printable ASCII characters', accepts: isPolicyName },
  prefix: { expected: 'a text', accepts: (value) => typeof value === 'string' },
} satisfies Record<keyof RateLimitOptions, FactoryRule>;
