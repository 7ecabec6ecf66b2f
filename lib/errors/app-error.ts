import { membersOf } from './gateway-error';

/** What an error class of the caller is given beside the message. */
export interface AppErrorArgs {
  code?: string | number;
  details?: Record<string, unknown>;
  debug?: Record<string, unknown>;
}

export interface AppErrorWrapArgs extends AppErrorArgs {
  message?: string;
}

/** `config.ErrorConstructor`: builds what is thrown for configuration errors and what is logged. */
export interface AppErrorConstructor {
  new (message?: string, args?: AppErrorArgs): Error;
  wrap(error: Error, args?: AppErrorWrapArgs): Error;
}

/** The built-in error class of configuration mistakes and log entries. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string | number | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly debug: Record<string, unknown> | undefined;

  constructor(message?: string, args: AppErrorArgs & { cause?: unknown } = {}) {
    super(message, 'cause' in args ? { cause: args.cause } : undefined);
    this.code = args.code;
    this.details = args.details;
    this.debug = args.debug;
  }

  static wrap(error: Error, args: AppErrorWrapArgs = {}): Error {
    const code = args.code ?? (membersOf(error)['code'] as string | undefined);
    return new AppError(args.message ?? error.message, { ...args, code, cause: error });
  }
}
