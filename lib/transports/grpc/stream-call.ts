import type { ServiceError, StatusObject } from '@grpc/grpc-js';
import type { Duplex, Readable, Writable } from 'node:stream';
import { observe } from '../../call/observe';
import { bindToEnding } from './exchange';
import type { Exchange } from './exchange';
import { completeStatus, isStatusError } from './service-error';

/** A stream of grpc-js: what all kinds have in common. */
type Stream = (Readable | Writable | Duplex) & { cancel(): void };

/** A stream, and the promise of its call's end; it resolves, with the error if there was one. */
export interface StreamAnswer {
  readonly stream: Stream;
  readonly ended: Promise<ServiceError | undefined>;
}

type Kind = 'serverStream' | 'clientStream' | 'bidi';
type OnAnswer = (error: ServiceError | null, response?: unknown) => void;

function open(exchange: Exchange, kind: Kind, request: () => Buffer, onAnswer: OnAnswer) {
  const { method, metadata, options, decode, encode, client } = exchange;
  const { client: grpc } = client;
  const { path } = method;
  if (kind === 'serverStream') {
    const asIs = (bytes: Buffer) => bytes;
    return grpc.makeServerStreamRequest(path, asIs, decode, request(), metadata, options);
  }
  return kind === 'bidi'
    ? grpc.makeBidiStreamRequest(path, encode, decode, metadata, options)
    : grpc.makeClientStreamRequest(path, encode, decode, metadata, options, onAnswer);
}

/** Opens a stream call of any kind. Its `status` is the one end that all kinds have. */
export function callStream(
  exchange: Exchange,
  kind: Kind,
  request: () => Buffer,
  callback: (response: unknown) => unknown,
): StreamAnswer {
  let failure: ServiceError | undefined;
  const stream: Stream = open(exchange, kind, request, (error, response) => {
    if (error) fail(stream, (failure = completeStatus(error)));
    else
      observe(
        () => callback(response),
        (thrown) => fail(stream, thrown),
      );
  });
  // A caller who does not listen must not turn a failed stream into an uncaught exception.
  stream.on('error', (error) => {
    if (isStatusError(error)) failure ??= completeStatus(error);
  });
  const ended = new Promise<ServiceError | undefined>((resolve) => {
    stream.on('status', ({ code, details, metadata }: StatusObject) => {
      const error = Object.assign(new Error(details), { code, details, metadata });
      const isOk = Number(code) === 0 && failure === undefined;
      resolve(isOk ? undefined : (failure ?? completeStatus(error)));
    });
  });
  cancelWhenGivenUp(stream, kind);
  // Until the first read grpc-js takes in all that comes; from then on it goes by the reader's pace (C5).
  if ('read' in stream) stream.read(0);
  bindToEnding(stream, exchange);
  return { stream, ended };
}

/** A client stream that was written to its end is destroyed already, and says nothing any more by itself. */
function fail(stream: Stream, error: unknown): void {
  if (stream.destroyed) stream.emit('error', error);
  else stream.destroy(error as Error);
}

/** `destroy`, or a loop over it that is left, ends the call; grpc-js alone would let it run on. */
function cancelWhenGivenUp(stream: Stream, kind: Kind): void {
  stream.on('close', () => {
    const isWaiting = kind === 'clientStream' && (stream as Writable).writableFinished;
    if (!isWaiting) stream.cancel();
  });
}
