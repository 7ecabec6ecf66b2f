import type { ServiceError } from '@grpc/grpc-js';
import { GRPC_UNKNOWN } from '../../errors/codes';

/** A failed gRPC status. */
export function isServiceError(error: unknown): error is ServiceError {
  const { code, details } = (error ?? {}) as { code?: unknown; details?: unknown };
  return error instanceof Error && typeof code === 'number' && typeof details === 'string';
}

/** grpc-js passes a status on that it could not read: without a code, or with NaN for one. */
export function completeStatus(error: ServiceError): ServiceError {
  const { code, details } = error as { code?: unknown; details?: unknown };
  if (!Number.isInteger(code)) error.code = GRPC_UNKNOWN;
  if (typeof details !== 'string') error.details = '';
  return error;
}
