/** UNAVAILABLE, CANCELLED, ABORTED, UNKNOWN (CONTRACT 6). */
const RETRYABLE: ReadonlySet<unknown> = new Set([14, 1, 10, 2]);

/** Whether a failed gRPC call may be repeated by default. */
export function isRetryableGrpcError(error: unknown): boolean {
  return RETRYABLE.has((error as { code?: unknown } | null | undefined)?.code);
}
