import type { ServiceError } from '@grpc/grpc-js';
import type { Duplex, Readable, Writable } from 'node:stream';
import { bindToSignal } from './exchange';
import type { Exchange } from './exchange';

/** A stream of grpc-js, and the promise of its end; it resolves, with the error if there was one. */
export interface StreamAnswer {
  readonly stream: Readable | Writable | Duplex;
  readonly ended: Promise<ServiceError | undefined>;
}

type Callback = (response: unknown) => void;

function open(exchange: Exchange, kind: string, request: () => Buffer, callback: Callback) {
  const { method, metadata, options, decode, encode, client } = exchange;
  const { client: grpc } = client;
  const asIs = (bytes: Buffer) => bytes;
  if (kind === 'serverStream') {
    return grpc.makeServerStreamRequest(method.path, asIs, decode, request(), metadata, options);
  }
  if (kind === 'bidi') {
    return grpc.makeBidiStreamRequest(method.path, encode, decode, metadata, options);
  }
  const stream = grpc.makeClientStreamRequest(
    method.path,
    encode,
    decode,
    metadata,
    options,
    (error, response) => {
      if (error) stream.destroy(error);
      else callback(response);
    },
  );
  return stream;
}

/** Opens a stream call of any kind. Its `status` is the one end that all kinds have. */
export function callStream(
  exchange: Exchange,
  kind: 'serverStream' | 'clientStream' | 'bidi',
  request: () => Buffer,
  callback: Callback,
): StreamAnswer {
  const stream = open(exchange, kind, request, callback);
  const ended = new Promise<ServiceError | undefined>((resolve) => {
    let failure: ServiceError | undefined;
    // A caller who does not listen must not turn a failed stream into an uncaught exception.
    stream.on('error', (error: Error) => (failure ??= error as ServiceError));
    stream.on('status', ({ code, details, metadata }) => {
      const error = Object.assign(new Error(details), { code, details, metadata });
      resolve(Number(code) === 0 ? undefined : (failure ?? error));
    });
  });
  bindToSignal(stream, exchange);
  return { stream, ended };
}
