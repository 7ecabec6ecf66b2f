import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const NAMES = ['user-agent', 'accept-language', 'x-forwarded-for', 'origin', 'referer'];

/** What a careful route passes on: who asked, in which language, and an id to find it by. */
export function forwardHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {
    accept: 'application/json',
    'x-request-id': (headers['x-request-id'] as string | undefined) ?? randomUUID(),
  };
  for (const name of NAMES) {
    const value = headers[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  return forwarded;
}
