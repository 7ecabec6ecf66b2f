import type { HookResponse } from '../config/hook-types';

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
const BYTES_TYPE = 'application/octet-stream';

/** What a hook has answered on a host that is not Express. */
export interface RecordedAnswer {
  readonly status: number;
  readonly body: string | Uint8Array | undefined;
}

/**
 * The `res` of hooks on hosts that are not Express: it records an answer, and the adapter sends it.
 * Defaults are Express's: status 200, text as HTML, objects as JSON.
 */
export class RecordedResponse implements HookResponse {
  readonly headers = new Headers();
  readonly locals: Record<string, unknown>;
  /** Resolves when a hook has answered. */
  readonly answered: Promise<RecordedAnswer>;
  private statusCode = 200;
  private isSent = false;
  private resolve: (answer: RecordedAnswer) => void = () => undefined;

  constructor(locals: Record<string, unknown> = {}) {
    this.locals = locals;
    this.answered = new Promise((resolve) => (this.resolve = resolve));
  }

  get headersSent(): boolean {
    return this.isSent;
  }

  status(code: number): this {
    if (!Number.isInteger(code) || code < 200 || code > 599) {
      throw new RangeError(`Invalid status code: ${String(code)}`);
    }
    this.statusCode = code;
    return this;
  }

  /** One header, or an object of them; an array is several values. Throws for what is no header. */
  set(field: string | Record<string, unknown>, value?: unknown): this {
    if (this.isSent) throw new Error('The answer is already sent');
    if (typeof field !== 'string') {
      for (const [name, one] of Object.entries(field)) this.set(name, one);
      return this;
    }
    this.headers.delete(field);
    for (const one of [value].flat()) this.headers.append(field, String(one));
    return this;
  }

  /** The gateway's own: cookies join those that are there, what cannot be set is left out. */
  addHeaders(headers: Readonly<Record<string, string | string[]>>): void {
    for (const [name, value] of Object.entries(headers)) {
      const before = name === 'set-cookie' ? this.headers.getSetCookie() : [];
      try {
        this.set(name, [...before, value].flat());
      } catch {
        // The answer matters more than a header that cannot be part of it.
      }
    }
  }

  json(body?: unknown): this {
    return this.end(JSON.stringify(body), JSON_TYPE);
  }

  send(body?: unknown): this {
    if (body === undefined || body === null) return this.end(undefined, undefined);
    if (typeof body === 'string') return this.end(body, HTML_TYPE);
    return body instanceof Uint8Array ? this.end(body, BYTES_TYPE) : this.json(body);
  }

  private end(body: RecordedAnswer['body'], contentType: string | undefined): this {
    if (this.isSent) throw new Error('The answer is already sent');
    if (contentType && !this.headers.has('content-type')) this.set('content-type', contentType);
    this.isSent = true;
    this.resolve({ status: this.statusCode, body });
    return this;
  }
}
