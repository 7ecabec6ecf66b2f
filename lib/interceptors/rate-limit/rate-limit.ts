import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Call, CallOrigin } from '../../call/call';
import { checkFactoryOptions } from '../../call/factory-options';
import { createFailure, runHook, toCallFailure } from '../../call/failure';
import type { Interceptor } from '../../call/interceptor';
import { loadOptionalPackage } from '../../call/optional-package';
import { addressKey } from './address-key';
import type { Library } from './count';
import { createLimitFields, secondsLeft } from './limit-fields';
import type { Count, Policy } from './limit-fields';
import { MemoryCounters } from './memory-counters';
import { MEANWHILE, RATE_LIMIT_RULES } from './rate-limit-options';
import type { RateLimitOptions } from './rate-limit-options';
import { StoreCounters } from './store-counters';

/** Longer keys are kept as their hash. */
const MAX_KEY_LENGTH = 64;

/**
 * An interceptor that admits so many calls per key and window; all actions that it stands at share it.
 * The others are 429 `RATE_LIMITED` with `Retry-After`. Needs the package `rate-limiter-flexible`.
 *
 * @throws TypeError for an option that cannot be
 */
export function rateLimit(options: RateLimitOptions): Interceptor {
  checkFactoryOptions('rateLimit', options, RATE_LIMIT_RULES);
  const { points, durationSec, name = 'default', key = defaultKey } = options;
  const policy = { name, points, durationSec };
  const origins = new Set<CallOrigin>(options.applyTo ?? ['http']);
  const toFields = createLimitFields(policy);
  const count = createCount(options, policy);

  const interceptor: Interceptor = (next) => async (call) => {
    if (!origins.has(call.origin)) return next(call);
    const counted = await count(await readKey(key, call), call);
    if (!counted) return next(call);
    if (counted.isOver) throw refuse(call, counted).withResponseHeaders(toFields(counted));
    try {
      const result = await next(call);
      const { responseHeaders } = result;
      return {
        ...result,
        responseHeaders: { ...responseHeaders, ...toFields(counted, responseHeaders) },
      };
    } catch (thrown) {
      const failure = toCallFailure(call, thrown);
      throw failure.withResponseHeaders(toFields(counted, failure.responseHeaders));
    }
  };
  return Object.assign(interceptor, { readsData: false });
}

function defaultKey({ client }: Call): string {
  return client?.address === undefined ? '' : addressKey(client.address);
}

async function readKey(key: (call: Call) => string | Promise<string>, call: Call): Promise<string> {
  const text: unknown = await runHook('key of rateLimit', () => key(call));
  if (typeof text !== 'string') throw new TypeError('The key of rateLimit gave no string');
  if (text.length <= MAX_KEY_LENGTH) return text;
  return createHash('sha256').update(text).digest('base64url');
}

/** Section 6 of the draft: Retry-After is not before the end of the window. */
function refuse(call: Call, counted: Count) {
  const failure = { status: 429, code: 'RATE_LIMITED', text: 'rateLimited' } as const;
  const retryAfter = String(Math.max(1, secondsLeft(counted)));
  return createFailure(call, failure).withResponseHeaders({ 'retry-after': retryAfter });
}

/** Counts a call; undefined for one that passes uncounted. */
function createCount(options: RateLimitOptions, policy: Policy) {
  const require = createRequire(__filename);
  const library = loadOptionalPackage('rate-limiter-flexible', 'rateLimit', () => {
    return require('rate-limiter-flexible') as Library;
  });
  const { store, onStoreError = 'memory', storeTimeoutMs: timeoutMs = 1000 } = options;
  const memory = new MemoryCounters(library, policy);
  if (!store) return (key: string) => memory.count(key);
  const { prefix = 'sallyport:rate-limit' } = options;
  const meanwhile = MEANWHILE[onStoreError];
  const counters = new StoreCounters(library, policy, { store, prefix, timeoutMs, meanwhile });

  return async function count(key: string, call: Call): Promise<Count | undefined> {
    const counted = await counters.count(key, call);
    if (counted || onStoreError === 'allow') return counted;
    if (onStoreError === 'memory') return memory.count(key);
    const code = 'RATE_LIMIT_UNAVAILABLE';
    throw createFailure(call, { status: 503, code, text: 'rateLimitUnavailable' });
  };
}
