import type { CallOptions, Metadata } from '@grpc/grpc-js';
import type { Cancellable, PooledClient } from './client-pool';
import type { MethodTypes } from './service-types';

/** One gRPC call, ready to be made. Messages are encoded and decoded by the gateway's codec. */
export interface Exchange {
  readonly client: PooledClient;
  readonly method: MethodTypes;
  readonly metadata: Metadata;
  readonly options: CallOptions;
  readonly signal: AbortSignal;
  readonly decode: (bytes: Buffer) => unknown;
  readonly encode: (message: unknown) => Buffer;
}

/** A call's handle as far as it is needed to end it. */
interface RunningCall extends Cancellable {
  on(event: 'status', listener: (status: { metadata: Metadata }) => void): unknown;
}

/** Ends the call with the signal, and gives the client back when the call's status is there. */
export function bindToSignal(call: RunningCall, { client, signal }: Exchange): void {
  const onAbort = () => call.cancel();
  client.enter(call);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  call.on('status', () => {
    signal.removeEventListener('abort', onAbort);
    client.leave(call);
  });
}
