import { Readable } from 'node:stream';
import type { ReadableOptions } from 'node:stream';
import type { HeaderRecord } from '../headers/header-record';
import type { Call } from './call';
import type { CallInput } from './create-call';
import { createFailure } from './failure';
import type { Interceptor } from './interceptor';

/** A request that is passed on as it is, as its host has it. */
export interface ProxiedRequest {
  /** Path and query below the place where the handler is mounted. */
  readonly url: string;
  /** Of HTTP, such as `1.1`. */
  readonly httpVersion: string;
  readonly protocol: 'http' | 'https';
  readonly hasBody: boolean;
  /** Whether something in front of the handler has read of the body. */
  readonly isBodyRead: boolean;
  /** The body; destroying it leaves the connection, on which the answer goes. */
  openBody(): Readable;
  /** Fires when the answer is over, or nobody is left to be answered. */
  readonly signal: AbortSignal;
}

/** The args of a call of a proxy: what interceptors see, and may change. */
export interface ProxyArgs {
  readonly method: string;
  /** Below the endpoint, as it is sent: checked, dot segments resolved. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
}

const PROXIED = Symbol('sallyport.proxied');

/** The request goes with its call, also with copies that interceptors make of the call. */
export function withProxied(input: CallInput, proxied: ProxiedRequest): CallInput {
  return { ...input, signal: proxied.signal, [PROXIED]: proxied } as CallInput;
}

export function proxiedOf(call: Call): ProxiedRequest | undefined {
  return (call as { [PROXIED]?: ProxiedRequest })[PROXIED];
}

/** A proxy has nothing to pass on but the request of its own handler. */
export const onlyProxied: Interceptor = (next) => async (call) => {
  if (proxiedOf(call)) return next(call);
  throw createFailure(call, { status: 500, code: 'PROXY_NOT_CALLABLE', text: 'proxyNotCallable' });
};

export interface ProxiedHead {
  readonly status: number;
  readonly headers: HeaderRecord;
  /** What describes this very body, and goes with it alone. */
  readonly bodyHeaders: Readonly<Record<string, string>>;
}

/** The upstream's answer as it comes in: the stream of its body, still coded, with its head. */
export class ProxiedAnswer extends Readable {
  /** Known at the end. */
  trailers: HeaderRecord | undefined;

  constructor(
    readonly head: ProxiedHead,
    options: ReadableOptions,
  ) {
    super(options);
  }
}
