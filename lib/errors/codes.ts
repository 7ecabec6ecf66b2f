/** One row per gRPC status code: its name, and the HTTP status it is answered with. */
const ROWS = [
  [0, 'OK', 200],
  [1, 'CANCELLED', 499],
  [2, 'UNKNOWN', 500],
  [3, 'INVALID_ARGUMENT', 400],
  [4, 'DEADLINE_EXCEEDED', 504],
  [5, 'NOT_FOUND', 404],
  [6, 'ALREADY_EXISTS', 409],
  [7, 'PERMISSION_DENIED', 403],
  [8, 'RESOURCE_EXHAUSTED', 429],
  [9, 'FAILED_PRECONDITION', 400],
  [10, 'ABORTED', 409],
  [11, 'OUT_OF_RANGE', 400],
  [12, 'UNIMPLEMENTED', 501],
  [13, 'INTERNAL', 500],
  [14, 'UNAVAILABLE', 503],
  [15, 'DATA_LOSS', 500],
  [16, 'UNAUTHENTICATED', 401],
] as const;

export const GRPC_CANCELLED = 1;
export const GRPC_UNKNOWN = 2;
export const GRPC_DEADLINE_EXCEEDED = 4;
export const GRPC_UNIMPLEMENTED = 12;
export const GRPC_UNAVAILABLE = 14;

const BY_CODE: ReadonlyMap<number, (typeof ROWS)[number]> = new Map(
  ROWS.map((row) => [row[0], row]),
);

/** The HTTP status of a failed gRPC call; a code that no table has is 500. */
export function httpStatusOfGrpc(code: number): number {
  return code === 0 ? 500 : (BY_CODE.get(code)?.[2] ?? 500);
}

/** `NOT_FOUND` for 5; `UNKNOWN` for a code that no table has. */
export function nameOfGrpcCode(code: number): string {
  return BY_CODE.get(code)?.[1] ?? 'UNKNOWN';
}
