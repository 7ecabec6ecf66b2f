/** Extra facts of a failure. `title` and `description` are texts for people. */
export interface GatewayErrorDetails {
  title?: string;
  description?: string;
  /** The gRPC status code, for failures of gRPC actions. */
  grpcCode?: number;
  [key: string]: unknown;
}

/** The public shape of every failure, plain data: the HTTP body, and `error` of what `api` rejects with. */
export interface GatewayError {
  /** 400 to 599. */
  status: number;
  code: string;
  message: string;
  details?: GatewayErrorDetails;
  /** Left out of HTTP answers unless `withDebugHeaders` allows it. */
  debug?: unknown;
  requestId?: string;
}

export const DEFAULT_ERROR_CODE = 'GATEWAY_REQUEST_ERROR';

/** Statuses an error may be answered with (RELIABILITY: an error never goes out below 400). */
export function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
}

/**
 * Own and inherited members of whatever was thrown; a primitive has none. One that cannot be read is
 * undefined: a getter that throws would hide the failure that is being told.
 */
export function membersOf(thrown: unknown): Record<string, unknown> {
  const isObject = (typeof thrown === 'object' || typeof thrown === 'function') && thrown !== null;
  if (!isObject) return {};
  const read = (name: string | symbol): unknown => {
    try {
      return Reflect.get(thrown, name, thrown);
    } catch {
      return undefined;
    }
  };
  return new Proxy({}, { get: (_target, name) => read(name) });
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function toCode(value: unknown, fallback = DEFAULT_ERROR_CODE): string {
  return toText(value) ?? (typeof value === 'number' ? String(value) : fallback);
}

/** Completes an error literal, such as `transformResponseError` may return. */
export function completeError(literal: object, fallback: GatewayError): GatewayError {
  const given = literal as Partial<GatewayError>;
  return {
    ...given,
    status: isErrorStatus(given.status) ? given.status : fallback.status,
    code: toCode(given.code, fallback.code),
    message: typeof given.message === 'string' ? given.message : fallback.message,
  };
}

/**
 * The data for anything a user's function throws: an integer `status` from 400 to 599 keeps status,
 * code and message; another Error is a 500 with its message and code; anything else a 500.
 */
function toErrorData(thrown: unknown): GatewayError {
  const { status, code, message, details, debug, syscall } = membersOf(thrown);
  const data: GatewayError = { status: 500, code: toCode(code), message: 'Internal error' };
  if (isErrorStatus(status)) data.status = status;
  // A system error's message names inner hosts, ports and paths: it stays in `cause`.
  if (typeof syscall !== 'string') data.message = toText(message) ?? data.message;
  if (data.status === status && typeof details === 'object' && details !== null) {
    data.details = details as GatewayErrorDetails;
    if (debug !== undefined) data.debug = debug;
  }
  return data;
}

/** The `error` data that a thrown value brings along; undefined where there is none to be read. */
function readBroughtData(error: unknown): GatewayError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  try {
    return completeError(error, toErrorData(undefined));
  } catch {
    return undefined;
  }
}

/** The only error inside the gateway, and what `api` rejects with. */
export class GatewayCallError extends Error {
  override readonly name = 'GatewayCallError';
  readonly error: GatewayError;
  /** Of the HTTP answer, such as `www-authenticate` or `retry-after`. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly #readDebugHeaders: () => Record<string, string>;

  /** @param debugHeaders a function, because most failures never show them */
  constructor(
    error: GatewayError,
    options: {
      cause?: unknown;
      debugHeaders?: () => Record<string, string>;
      responseHeaders?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(error.message, 'cause' in options ? { cause: options.cause } : undefined);
    this.error = error;
    this.responseHeaders = options.responseHeaders ?? {};
    this.#readDebugHeaders = options.debugHeaders ?? (() => ({}));
  }

  /** That of `error`: where error middlewares of Express look for it. */
  get status(): number {
    return this.error.status;
  }

  /** What was sent and answered, for people who debug; the same names as the response headers. */
  get debugHeaders(): Record<string, string> {
    return this.#readDebugHeaders();
  }

  /** The same failure, answered with these headers too. */
  withResponseHeaders(headers: Readonly<Record<string, string>>): GatewayCallError {
    return new GatewayCallError(this.error, {
      cause: this.cause,
      debugHeaders: this.#readDebugHeaders,
      responseHeaders: { ...this.responseHeaders, ...headers },
    });
  }

  /** Any thrown value as a GatewayCallError; one that has `error` data already keeps it. */
  static from(thrown: unknown, debugHeaders?: () => Record<string, string>): GatewayCallError {
    if (thrown instanceof GatewayCallError) return thrown;
    const { error, debugHeaders: own } = membersOf(thrown);
    const headers = typeof own === 'object' && own !== null ? () => own as never : debugHeaders;
    const options = { cause: thrown, ...(headers && { debugHeaders: headers }) };
    return new GatewayCallError(readBroughtData(error) ?? toErrorData(thrown), options);
  }
}
