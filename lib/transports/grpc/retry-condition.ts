import type { ResolvedConfig } from '../../config/resolve-config';
import { runHook } from '../../call/failure';
import { ReflectionError } from './reflection/reflection-error';
import { isServiceError } from './service-error';
import { isRetryableGrpcError } from './retryable-error';

/** The config's `grpcRetryCondition`, else the codes; an upstream that pushes back is heard (C3). */
export function compileGrpcRetryCondition({ grpcRetryCondition: own }: ResolvedConfig) {
  return async function isRetryable(thrown: unknown): Promise<boolean> {
    const error = thrown instanceof ReflectionError ? thrown.cause : thrown;
    if (!isServiceError(error) || readPushback(error) === 'never') return false;
    return own ? runHook('grpcRetryCondition', () => own(error)) : isRetryableGrpcError(error);
  };
}

/** `grpc-retry-pushback-ms` (gRFC A6): milliseconds to wait; anything but a number forbids a retry. */
function readPushback(error: unknown): number | 'never' | undefined {
  const [value] = isServiceError(error)
    ? (error.metadata?.get('grpc-retry-pushback-ms') ?? [])
    : [];
  if (value === undefined) return undefined;
  return /^\d{1,9}$/.test(String(value)) ? Number(value) : 'never';
}

export function readPushbackMs(error: unknown): number | undefined {
  const pushback = readPushback(error);
  return typeof pushback === 'number' ? pushback : undefined;
}
