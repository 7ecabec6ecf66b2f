/** What `ctx.create` may be told about the child. */
export interface GatewayContextParams {
  tags?: Record<string, unknown>;
  [key: string]: unknown;
}

/** Hides secrets before headers or data reach logs and stats. */
export interface GatewayContextUtils {
  redactSensitiveHeaders?: (headers: Record<string, unknown>) => Record<string, unknown>;
  redactSensitiveKeys?: (data: Record<string, unknown>) => Record<string, unknown>;
}

/**
 * The logger and tracer that the caller injects as `req.ctx` or as a call's `ctx`. The gateway
 * creates a child for each action and ends each context it created exactly once.
 */
export interface GatewayContext {
  create(name: string, params?: GatewayContextParams): GatewayContext;
  log(message: string, extra?: Record<string, unknown>): void;
  logError(message: string, error?: unknown, extra?: Record<string, unknown>): void;
  end(): void;
  stats?(data: Record<string, unknown>): void;
  /** Headers that link the upstream call to this context, such as `traceparent`. */
  getMetadata?(): Record<string, unknown>;
  getTraceId?(): string | undefined;
  utils?: GatewayContextUtils;
}

/** Any object with these four: pino fits, and so does `console`. */
export interface Logger {
  debug(entry: object, message?: string): void;
  info(entry: object, message?: string): void;
  warn(entry: object, message?: string): void;
  error(entry: object, message?: string): void;
}

const nothing = () => undefined;

/** The context of callers that bring none, where there is no logger either: nobody reads what it is told. */
export const SILENT_CONTEXT: GatewayContext = Object.freeze({
  create: () => SILENT_CONTEXT,
  log: nothing,
  logError: nothing,
  stats: nothing,
  end: nothing,
  getMetadata: () => ({}),
});

/** The context of callers that bring none: it writes to `logger`, and is silent without one. */
export function createContext(
  logger?: Logger,
  name?: string,
  tags?: Record<string, unknown>,
): GatewayContext {
  if (!logger) return SILENT_CONTEXT;
  const about = name === undefined ? tags : { context: name, ...tags };
  const context: GatewayContext = {
    create: (childName, params) => createContext(logger, childName, { ...tags, ...params?.tags }),
    log: (message, extra) => logger.info({ ...about, ...extra }, message),
    logError: (message, error, extra) => logger.error({ ...about, ...extra, err: error }, message),
    stats: (data) => logger.debug({ ...about, ...data }, 'stats'),
    end: () => undefined,
    getMetadata: () => ({}),
  };
  return context;
}
