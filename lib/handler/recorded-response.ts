import type { HookResponse } from '../config/hook-types';
import { assertHookStatus, toJsonBody, toSentBody } from './hook-body';
import type { HookBody } from './hook-body';

/** What a hook has answered on a host that is not Express. */
export interface RecordedAnswer {
  readonly status: number;
  readonly body: HookBody['body'];
}

/**
 * The `res` of hooks on hosts that are not Express: it records an answer, and the adapter sends it.
 * Defaults are Express's: status 200, text as HTML, objects as JSON.
 */
export class RecordedResponse implements HookResponse {
  readonly headers: Headers = new Headers();
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
    assertHookStatus(code);
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
    return this.end(toJsonBody(body));
  }

  send(body?: unknown): this {
    return this.end(toSentBody(body));
  }

  /** The gateway answers: a hook that does so later is told, as by Express. Gives the headers so far. */
  close(): Headers {
    this.isSent = true;
    return this.headers;
  }

  private end({ body, contentType }: HookBody): this {
    if (this.isSent) throw new Error('The answer is already sent');
    if (contentType && !this.headers.has('content-type')) this.set('content-type', contentType);
    this.isSent = true;
    this.resolve({ status: this.statusCode, body });
    return this;
  }
}
