import { Stream } from 'node:stream';
import type { Call } from './call';
import { createFailure } from './failure';

const END = Symbol('end');

/**
 * A stream of messages, such as gRPC's: it has no bytes to answer with over HTTP, and its end is that
 * of its call, whether anybody reads or writes it or not.
 */
export interface MessageStream extends Stream {
  cancel(): void;
  /** Resolves when the call has ended, with the error if there was one. */
  readonly [END]: Promise<unknown>;
}

export function toMessageStream(
  stream: Stream & Pick<MessageStream, 'cancel'>,
  end: Promise<unknown>,
): MessageStream {
  return Object.defineProperty(stream as MessageStream, END, { value: end });
}

export function isMessageStream(data: unknown): data is MessageStream {
  return data instanceof Stream && END in data;
}

export function endOf(stream: MessageStream): Promise<unknown> {
  return stream[END];
}

/** Why such a stream is not answered over HTTP (RELIABILITY R5). */
export function createStreamRefusal(call: Call) {
  return createFailure(call, {
    status: 501,
    code: 'STREAM_NOT_SUPPORTED',
    text: 'streamNotSupported',
  });
}
