import type { ResolvedConfig } from '../config/resolve-config';
import { toHookFailure } from '../call/failure';
import type { LogFailure } from '../call/log-failure';
import { GatewayCallError } from '../errors/gateway-error';
import { messageIn } from '../errors/messages';
import type { BoundMiddleware, HandlerRequest } from './handler-message';

/** How a middleware handed on: with an error, or without. */
interface HandedOn {
  readonly error?: unknown;
}

export interface Middlewares {
  /**
   * Runs them in order. False when one has answered in the gateway's place; rejects with what one
   * throws or hands to `next`.
   */
  run(request: HandlerRequest): Promise<boolean>;
  /**
   * Hands a failure to the error middlewares in order, from each to the next by `next(error)`. Resolves
   * to what is left to be answered, undefined when one has answered, also if it calls `next()`.
   */
  runError(
    request: HandlerRequest,
    failure: GatewayCallError,
  ): Promise<GatewayCallError | undefined>;
}

interface Parts {
  readonly config: ResolvedConfig;
  readonly logFailure: LogFailure;
  readonly languagesOf: (request: HandlerRequest) => readonly string[];
}

/** The connect-style middlewares around the controller. */
export function createMiddlewares({ config, logFailure, languagesOf }: Parts): Middlewares {
  // setTimeout takes 31 bits.
  const timeoutMs = Math.min(config.middlewareTimeoutMs, 2 ** 31 - 1);

  /** Undefined when the middleware has answered, or nobody is left to be answered. */
  function pass(middleware: BoundMiddleware, request: HandlerRequest) {
    return new Promise<HandedOn | undefined>((resolve, reject) => {
      const off = request.onceClosed(() => settle(() => resolve(undefined)));
      const timer = timeoutMs > 0 ? setTimeout(cutOff, timeoutMs).unref() : undefined;

      let isSettled = false;

      function settle(how: () => void): void {
        isSettled = true;
        off();
        clearTimeout(timer);
        how();
      }

      /** An answer that has begun may take as long as it takes. */
      function cutOff(): void {
        if (!request.isAnswered()) settle(() => reject(toTimeout(middleware, request)));
      }

      /** Of one that has handed on, nobody waits for what it does. */
      function fail(thrown: unknown): void {
        if (isSettled) logFailure(request.ctx, `${labelOf(middleware)} failed`, thrown);
        else settle(() => reject(toFailure(middleware, thrown)));
      }
      const start = async () => {
        await middleware.run((error) => settle(() => resolve({ error })));
      };
      start().catch(fail);
    });
  }

  function toTimeout(middleware: BoundMiddleware, request: HandlerRequest): GatewayCallError {
    const message = messageIn(languagesOf(request), 'middlewareTimeout');
    const what = `neither answered nor called next within ${config.middlewareTimeoutMs} ms`;
    const cause = new Error(`${labelOf(middleware)} ${what}`);
    return new GatewayCallError({ status: 504, code: 'MIDDLEWARE_TIMEOUT', message }, { cause });
  }

  return {
    async run(request) {
      for (const middleware of request.hooks.middlewares ?? []) {
        const passed = await pass(middleware, request);
        if (!passed) return false;
        if (passed.error) throw toFailure(middleware, passed.error);
      }
      return true;
    },

    async runError(request, failure) {
      let left = failure;
      for (const middleware of request.hooks.errorMiddlewares ?? []) {
        const { name } = middleware;
        const bound: BoundMiddleware = { name, run: (next) => middleware.run(left, next) };
        const passed = await pass(bound, request).catch((error: unknown) => {
          logFailure(request.ctx, `${labelOf(middleware)} failed`, error);
          return { error };
        });
        if (!passed || (!passed.error && request.isAnswered())) return undefined;
        if (passed.error) left = toFailure(middleware, passed.error);
      }
      return left;
    },
  };
}

function labelOf({ name }: Pick<BoundMiddleware, 'name'>): string {
  return name ? `Middleware ${name}` : 'A middleware';
}

function toFailure(middleware: Pick<BoundMiddleware, 'name'>, thrown: unknown): GatewayCallError {
  return toHookFailure(labelOf(middleware), thrown);
}
