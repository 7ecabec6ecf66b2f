import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { bindToSignal } from './exchange';
import type { Exchange } from './exchange';

export interface UnaryAnswer {
  readonly data: unknown;
  readonly trailers: Metadata;
}

/** One request, one response. Rejects with grpc-js's ServiceError. */
export function callUnary(exchange: Exchange, request: Buffer): Promise<UnaryAnswer> {
  const { client, method, metadata, options, decode } = exchange;
  return new Promise((resolve, reject) => {
    let outcome: { error: ServiceError | null; data: unknown } | undefined;
    const call = client.client.makeUnaryRequest(
      method.path,
      (bytes: Buffer) => bytes,
      decode,
      request,
      metadata,
      options,
      (error, data) => (outcome = { error, data }),
    );
    // The status comes last and has the trailing metadata.
    call.on('status', ({ metadata: trailers }) => {
      if (outcome?.error) reject(outcome.error);
      else resolve({ data: outcome?.data, trailers });
    });
    bindToSignal(call, exchange);
  });
}
