import type { ServiceError } from '@grpc/grpc-js';
import { GRPC_UNKNOWN, nameOfGrpcCode } from '../../errors/codes';

/** A failed gRPC status. */
export function isServiceError(error: unknown): error is ServiceError {
  const { code, details } = (error ?? {}) as { code?: unknown; details?: unknown };
  return error instanceof Error && typeof code === 'number' && typeof details === 'string';
}

/**
 * Whether this is how grpc-js tells of a status, also of one that it could not read: it passes that on
 * without a code, or with NaN for one.
 */
export function isStatusError(error: unknown): error is ServiceError {
  if (!(error instanceof Error) || !('code' in error && 'details' in error)) return false;
  return error.code === undefined || typeof error.code === 'number';
}

/** Gives a status that could not be read a code. */
export function completeStatus(error: ServiceError): ServiceError {
  if (isServiceError(error) && Number.isInteger(error.code)) return error;
  const { details: given } = error as { details?: unknown };
  const details = typeof given === 'string' ? given : '';
  const message = `${GRPC_UNKNOWN} ${nameOfGrpcCode(GRPC_UNKNOWN)}: ${details}`;
  return Object.assign(error, { code: GRPC_UNKNOWN, details, message });
}
