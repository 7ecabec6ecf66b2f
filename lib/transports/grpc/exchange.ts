import type { CallOptions, Metadata } from '@grpc/grpc-js';
import type { Cancellable, PooledClient } from './client-pool';
import type { Ending } from '../../call/abort';
import type { MethodTypes } from './service-types';

/** One gRPC call, ready to be made. Messages are encoded and decoded by the gateway's codec. */
export interface Exchange {
  readonly client: PooledClient;
  readonly method: MethodTypes;
  readonly metadata: Metadata;
  readonly options: CallOptions;
  readonly ending: Ending;
  readonly decode: (bytes: Buffer) => unknown;
  readonly encode: (message: unknown) => Buffer;
}

/** A call's handle as far as it is needed to end it. */
interface RunningCall extends Cancellable {
  on(event: 'status', listener: (status: { metadata: Metadata }) => void): unknown;
}

/** Ends the call when it is to end early, and gives the client back when the call's status is there. */
export function bindToEnding(call: RunningCall, { client, ending }: Exchange): void {
  const onEnd = () => call.cancel();
  client.enter(call);
  if (ending.reason) onEnd();
  else ending.onEnd(onEnd);
  call.on('status', () => {
    ending.offEnd(onEnd);
    client.leave(call);
  });
}
