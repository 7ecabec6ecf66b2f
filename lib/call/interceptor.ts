import type { CallHandler } from './action';

/**
 * A policy around a call, the same for REST, gRPC, mixed, unary and stream: it may hand `next` another
 * call, answer without it, change what it resolves to, or throw. Applied once, when the gateway is built.
 */
export interface Interceptor {
  (next: CallHandler): CallHandler;
  /** False for one that never reads `responseData`, so that JSON may pass as bytes. Default true. */
  readonly readsData?: boolean;
}

/** The first interceptor is the outermost. */
export function withInterceptors(
  interceptors: readonly Interceptor[],
  innermost: CallHandler,
): CallHandler {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), innermost);
}
