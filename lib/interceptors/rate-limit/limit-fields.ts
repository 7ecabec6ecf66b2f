import { readHeader } from '../../headers/header-record';
import type { HeadersInput } from '../../headers/header-record';

/** How a key stands after a call of it was counted. */
export interface Count {
  readonly isOver: boolean;
  readonly isFirst: boolean;
  readonly remaining: number;
  /** When its window ends, by `Date.now()`. */
  readonly endsAtMs: number;
}

/** The limit as its callers see it. */
export interface Policy {
  readonly name: string;
  readonly points: number;
  readonly durationSec: number;
}

/** What RFC 9651 section 3.3.3 admits in a String. */
export function isPolicyName(value: unknown): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value);
}

/** Whole seconds until the window ends, rounded up. */
export function secondsLeft({ endsAtMs }: Count): number {
  return Math.max(0, Math.ceil((endsAtMs - Date.now()) / 1000));
}

/** Makes the fields of draft-ietf-httpapi-ratelimit-headers-11 (23 May 2026), sections 3.1 and 4.1. */
export function createLimitFields({ name, points, durationSec }: Policy) {
  const item = `"${name.replace(/["\\]/g, (character) => `\\${character}`)}"`;
  const policy = `${item};q=${points};w=${durationSec}`;

  /** Over those that other limiters have set: both fields are lists (sections 3 and 4). */
  return function toFields(count: Count, others: HeadersInput = {}): Record<string, string> {
    const limit = `${item};r=${count.remaining};t=${secondsLeft(count)}`;
    return {
      'ratelimit-policy': join(policy, readHeader(others, 'ratelimit-policy')),
      ratelimit: join(limit, readHeader(others, 'ratelimit')),
    };
  };
}

function join(own: string, others: unknown): string {
  return others === undefined ? own : [own, others].flat().map(String).join(', ');
}
