import type { HookRequest } from '../config/hook-types';

/** What a request id may look like: it goes into headers and logs. */
const REQUEST_ID = /^[\x21-\x7e]{1,200}$/;

/** `req.id`, else `x-request-id`; undefined where neither can be sent on as it is. */
export function readRequestId({ id, headers }: HookRequest): string | undefined {
  return toRequestId(id) ?? toRequestId(headers['x-request-id']);
}

function toRequestId(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && REQUEST_ID.test(text) ? text : undefined;
}
