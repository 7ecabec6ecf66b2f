import type { ResolvedConfig } from '../config/resolve-config';
import { createContext } from '../context';
import type { GatewayContext } from '../context';
import { AppError } from '../errors/app-error';
import { GatewayCallError, membersOf } from '../errors/gateway-error';
import { observe } from './observe';

const MAX_TEXT = 1024;

/** Logs a failure to `ctx`, or to the config's logger where there is none. It never throws. */
export type LogFailure = (
  ctx: GatewayContext | undefined,
  message: string,
  thrown: unknown,
  extra?: Record<string, unknown>,
) => void;

/** How failures are logged: as errors that `ErrorConstructor` has wrapped, of bounded length. */
export function createLogFailure(
  config: Pick<ResolvedConfig, 'ErrorConstructor' | 'limits' | 'logger'>,
): LogFailure {
  const { ErrorConstructor = AppError, limits, logger } = config;
  const silent = createContext(logger);

  function wrap(thrown: unknown): Error {
    const bare = toBareError(thrown, Math.floor(limits.logEntryBytes / 16));
    try {
      return ErrorConstructor.wrap(bare, { code: readCode(thrown) });
    } catch {
      return bare;
    }
  }

  return function logFailure(ctx = silent, message, thrown, extra) {
    observe(() => ctx.logError(message, wrap(thrown), extra));
  };
}

/**
 * Message and stack of what was thrown, or of what caused it. The thrown value itself stays out:
 * client errors carry sockets, headers and bodies (RELIABILITY X1).
 */
function toBareError(thrown: unknown, maxStack: number): Error {
  const { cause } = membersOf(thrown);
  const isCaused = thrown instanceof GatewayCallError && cause instanceof Error;
  const source: unknown = isCaused ? cause : thrown;
  const { message, stack } = membersOf(source);
  const text = typeof message === 'string' ? message : toText(source);
  const bare = new Error(text.slice(0, MAX_TEXT));
  if (typeof stack === 'string') bare.stack = stack.slice(0, maxStack);
  return bare;
}

/** Not every object can be turned into a string. */
function toText(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null ? '[object Object]' : String(thrown);
}

function readCode(thrown: unknown): string | undefined {
  const { code } = thrown instanceof GatewayCallError ? thrown.error : membersOf(thrown);
  return typeof code === 'string' ? code.slice(0, MAX_TEXT) : undefined;
}
