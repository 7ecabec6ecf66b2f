import type { CallHandler } from './action';

/** A policy around a call, the same for REST, gRPC, mixed, unary and stream. */
export type Interceptor = (next: CallHandler) => CallHandler;

/** The first interceptor is the outermost. */
export function withInterceptors(
  interceptors: readonly Interceptor[],
  innermost: CallHandler,
): CallHandler {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), innermost);
}
