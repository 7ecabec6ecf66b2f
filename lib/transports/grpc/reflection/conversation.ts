import { Metadata } from '@grpc/grpc-js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { PooledClient } from '../client-pool';
import type { DescriptorCodec, ReflectionAnswer, ReflectionQuestion } from './descriptor-codec';
import { ReflectionError } from './reflection-error';
import type { ReflectedSymbol } from './reflection-error';

const GRPC_NOT_FOUND = 5;

type Stream = ClientDuplexStream<Buffer, Buffer>;

/** One stream of questions, each answered before the next is asked. */
export interface Conversation {
  readonly ask: (question: ReflectionQuestion) => Promise<readonly Buffer[] | 'notFound'>;
  /** There is nothing more to ask. A reset stream in its place would count as an attack on the server. */
  readonly end: () => void;
  readonly cancel: () => void;
}

/** Opens the stream in one version of the protocol. Questions reject with ReflectionError. */
export function openConversation(
  client: PooledClient,
  path: string,
  { codec, symbol, deadline }: { codec: DescriptorCodec; symbol: ReflectedSymbol; deadline: Date },
): Conversation {
  const asIs = (bytes: Buffer) => bytes;
  const stream: Stream = client.client.makeBidiStreamRequest(path, asIs, asIs, new Metadata(), {
    deadline,
  });
  client.enter(stream);
  stream.on('status', () => client.leave(stream));
  // What happens after the last answer is nobody's concern.
  stream.on('error', () => undefined);
  const answers = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;

  async function nextAnswer(): Promise<Buffer> {
    const next = await answers.next();
    if (!next.done) return next.value;
    throw new ReflectionError('invalid', symbol, 'the server ended the stream early');
  }

  function read(bytes: Buffer): ReflectionAnswer {
    try {
      return codec.decodeAnswer(bytes);
    } catch (cause) {
      throw new ReflectionError('invalid', symbol, 'the answer does not decode', cause);
    }
  }

  return {
    async ask(question) {
      stream.write(codec.encodeQuestion(question));
      const answer = read(await nextAnswer());
      const { file_descriptor_response: files, error_response: error } = answer;
      if (error?.error_code === GRPC_NOT_FOUND) return 'notFound';
      if (error) {
        const { error_code: code, error_message: text = '' } = error;
        const told = `the server answered with the error ${code} ${text.slice(0, 200)}`;
        throw new ReflectionError('invalid', symbol, told);
      }
      if (!files) throw new ReflectionError('invalid', symbol, 'the answer has no files');
      return files.file_descriptor_proto ?? [];
    },
    end() {
      stream.end();
      stream.resume();
    },
    cancel: () => stream.cancel(),
  };
}
