import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { bindToEnding } from './exchange';
import type { Exchange } from './exchange';
import { completeStatus } from './service-error';

export interface UnaryAnswer {
  readonly data: unknown;
  readonly trailers: Metadata;
}

/** One request, one response. Rejects with grpc-js's ServiceError. */
export function callUnary(exchange: Exchange, request: Buffer): Promise<UnaryAnswer> {
  const { client, method, metadata, options, decode } = exchange;
  return new Promise((resolve, reject) => {
    let outcome: { error: ServiceError | null; data: unknown } | undefined;
    // As a client stream of one message: of a unary call grpc-js reads one answer only, and where a
    // second one comes it would wait for the deadline.
    const call = client.client.makeClientStreamRequest(
      method.path,
      (bytes: Buffer) => bytes,
      decode,
      metadata,
      options,
      (error, data) => (outcome = { error, data }),
    );
    call.end(request);
    // The status comes last and has the trailing metadata.
    call.on('status', ({ metadata: trailers }) => {
      if (outcome?.error) reject(completeStatus(outcome.error));
      else resolve({ data: outcome?.data, trailers });
    });
    bindToEnding(call, exchange);
  });
}
