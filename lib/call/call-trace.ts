import type { HeaderRecord, HeadersInput } from '../headers/header-record';
import { redactUrl } from '../headers/sensitive';
import { toDebugHeaders } from '../headers/debug-headers';
import type { DebugFacts } from '../headers/debug-headers';
import type { GatewayContext } from '../context';
import { redactKeys } from './redact-keys';

/** The request as it was last sent. */
export interface SentRequest {
  method: string;
  url: string;
  endpoint?: string;
  headers: HeaderRecord;
  body?: unknown;
  /** Lower-cased names that auth hooks have set; redacted wherever headers are shown. */
  authNames: ReadonlySet<string>;
  /** Of a gRPC call, in place of an HTTP method and URL. */
  grpc?: { protokey: string; protopath?: string };
}

/** What came back, as far as it came. */
export interface ReceivedResponse {
  status?: number;
  contentType?: string;
  /** Trailing metadata of a gRPC call. */
  metadata?: HeadersInput;
  /** Bytes read so far; of a stream it grows until the end. */
  bytes: number;
}

/** What is learned on the way of one call, for stats, logs and debug headers. */
export class CallTrace {
  readonly startedAt = Date.now();
  private readonly startedMs = performance.now();
  request: SentRequest | undefined;
  readonly response: ReceivedResponse = { bytes: 0 };
  attempts = 0;
  /** Result of a `proxyDebugHeaders` hook, or of its list of names. */
  proxiedDebugHeaders: HeadersInput | undefined;
  private debug: Record<string, string> | undefined;

  constructor(
    private readonly about: Pick<DebugFacts, 'requestId' | 'version' | 'lang' | 'action'>,
    private readonly maxDebugHeaderBytes: number,
    private readonly ctx: GatewayContext,
  ) {}

  /** Milliseconds since the call began. */
  get elapsedMs(): number {
    return Math.round(performance.now() - this.startedMs);
  }

  /** The URL without userinfo and query, '' before anything was sent. */
  get shownUrl(): string {
    return this.request ? redactUrl(this.request.url) : '';
  }

  /** Made when first asked for: most calls never show them. */
  readonly debugHeaders = (): Record<string, string> => {
    this.debug ??= toDebugHeaders(this.debugFacts(), this.maxDebugHeaderBytes);
    return this.debug;
  };

  /** For stats, which request bodies never reach. */
  readonly debugHeadersForStats = (): Record<string, string> => {
    return toDebugHeaders({ ...this.debugFacts(), body: undefined }, this.maxDebugHeaderBytes);
  };

  private shownBody(): unknown {
    const body = this.request?.body;
    return isDict(body) ? redactKeys(this.ctx, body) : body;
  }

  private debugFacts(): DebugFacts {
    const facts: DebugFacts = { ...this.about };
    const { method, url, endpoint, authNames } = this.request ?? {};
    const body = this.shownBody();
    if (this.request?.grpc)
      Object.assign(facts, { ...this.request.grpc, endpoint, body, authNames });
    else if (method !== undefined) Object.assign(facts, { method, url, endpoint, body, authNames });
    if (this.response.metadata) facts.metadata = this.response.metadata;
    if (this.response.contentType !== undefined) facts.contentType = this.response.contentType;
    if (this.proxiedDebugHeaders) facts.proxied = this.proxiedDebugHeaders;
    return facts;
  }
}

/** Data with keys; not bytes, a stream or a form. */
function isDict(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}
