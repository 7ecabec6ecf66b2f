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

/** Own and inherited members of whatever was thrown; a primitive has none. */
export function membersOf(thrown: unknown): Record<string, unknown> {
  const isObject = (typeof thrown === 'object' || typeof thrown === 'function') && thrown !== null;
  return isObject ? (thrown as Record<string, unknown>) : {};
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

/** The only error inside the gateway, and what `api` rejects with. */
export class GatewayCallError extends Error {
  override readonly name = 'GatewayCallError';
  readonly error: GatewayError;
  readonly #readDebugHeaders: () => Record<string, string>;

  /** @param debugHeaders a function, because most failures never show them */
  constructor(
    error: GatewayError,
    options: { cause?: unknown; debugHeaders?: () => Record<string, string> } = {},
  ) {
    super(error.message, 'cause' in options ? { cause: options.cause } : undefined);
    this.error = error;
    this.#readDebugHeaders = options.debugHeaders ?? (() => ({}));
  }

  /** What was sent and answered, for people who debug; the same names as the response headers. */
  get debugHeaders(): Record<string, string> {
    return this.#readDebugHeaders();
  }

  /** Any thrown value as a GatewayCallError; one that has `error` data already keeps it. */
  static from(thrown: unknown, debugHeaders?: () => Record<string, string>): GatewayCallError {
    if (thrown instanceof GatewayCallError) return thrown;
    const { error, debugHeaders: own } = membersOf(thrown);
    const headers = typeof own === 'object' && own !== null ? () => own as never : debugHeaders;
    const options = { cause: thrown, ...(headers && { debugHeaders: headers }) };
    if (typeof error === 'object' && error !== null) {
      return new GatewayCallError(completeError(error, toErrorData(undefined)), options);
    }
    return new GatewayCallError(toErrorData(thrown), options);
  }
}
