/** What a hook answers on a host that is not Express, and its type where the hook has set none. */
export interface HookBody {
  readonly body: string | Uint8Array | undefined;
  readonly contentType?: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
const BYTES_TYPE = 'application/octet-stream';

export function toJsonBody(data: unknown): HookBody {
  return { body: JSON.stringify(data), contentType: JSON_TYPE };
}

/** As Express's `res.send`: text is HTML, bytes are bytes, objects are JSON. */
export function toSentBody(data: unknown): HookBody {
  if (data === undefined || data === null) return { body: undefined };
  if (typeof data === 'string') return { body: data, contentType: HTML_TYPE };
  return data instanceof Uint8Array ? { body: data, contentType: BYTES_TYPE } : toJsonBody(data);
}

/** @throws RangeError for what is no status of an answer */
export function assertHookStatus(code: number): void {
  if (Number.isInteger(code) && code >= 200 && code <= 599) return;
  throw new RangeError(`Invalid status code: ${String(code)}`);
}
