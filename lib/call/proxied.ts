import { Readable } from 'node:stream';
import type { ReadableOptions } from 'node:stream';
import type { HeaderRecord } from '../headers/header-record';
import type { CallHandler } from './action';
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

/** Said before the interceptors, and of a second sending by one of them. */
export const BODY_ALREADY_READ = {
  status: 500,
  code: 'BODY_ALREADY_READ',
  text: 'bodyAlreadyRead',
} as const;

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

/** Interceptors see, and may change, the headers of the answer beside it. */
export function withAnswerHeaders(run: CallHandler): CallHandler {
  return async (call) => {
    const result = await run(call);
    const { responseData } = result;
    if (!(responseData instanceof ProxiedAnswer)) return result;
    return { ...result, responseHeaders: responseData.head.headers };
  };
}

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
