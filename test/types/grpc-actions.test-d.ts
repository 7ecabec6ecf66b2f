import { expectTypeOf } from 'expect-type';
import type { Duplex, Readable, Writable } from 'node:stream';
import {
  defineSchema,
  getGatewayControllers,
  getTypedApiFactory,
  grpc,
  GrpcReflection,
} from '../../lib';
import type { ApiServiceGrpcActionConfig, GatewayContext } from '../../lib';

interface Note {
  text: string;
}
interface Query {
  id: string;
}
const from = { protoPath: 'notes.proto', protoKey: 'notes.Notes' };

const schema = defineSchema({
  notes: {
    actions: {
      get: grpc<Note, Query>()({ ...from, action: 'Get' }),
      length: grpc<Note, Query>()({
        ...from,
        action: 'Get',
        transformResponseData: (note, { args }) => note.text.length + args.id.length,
      }),
      watch: grpc<Note, Query>()({ ...from, action: 'Watch', type: 'serverStream' }),
      write: grpc<Note, Query>()({ ...from, action: 'Write', type: 'clientStream' }),
      chat: grpc<Note, Query>()({ ...from, action: 'Chat', type: 'bidi' }),
      reflected: {
        protoKey: 'notes.Notes',
        action: 'Get',
        reflection: GrpcReflection.OnFirstRequest,
        params: ({ id }: Query) => ({ body: { id } }),
        transformResponseData: (note: Note) => note.text,
      },
      cast: { ...from, action: 'Get' } as ApiServiceGrpcActionConfig<GatewayContext, Note, Query>,
    },
  },
});

const args: Query = { id: '1' };

export async function callUnary() {
  const { notes } = getGatewayControllers({ root: schema }).api;
  expectTypeOf((await notes.get({ args })).responseData).toEqualTypeOf<Note>();
  expectTypeOf((await notes.length({ args })).responseData).toEqualTypeOf<number>();
  expectTypeOf((await notes.reflected({ args })).responseData).toEqualTypeOf<string>();
  expectTypeOf((await notes.cast({ args })).responseData).toEqualTypeOf<Note>();
  // @ts-expect-error args are required
  void notes.get();
}

export async function callStreams() {
  const { notes } = getGatewayControllers({ root: schema }).api;
  expectTypeOf((await notes.watch({ args })).stream).toEqualTypeOf<Readable>();
  expectTypeOf((await notes.chat({ args })).stream).toEqualTypeOf<Duplex>();
  const callback = (note: Note) => note.text;
  expectTypeOf((await notes.write({ args, callback })).stream).toEqualTypeOf<Writable>();
  // @ts-expect-error a stream has no data
  void (await notes.watch({ args })).responseData;
}

export async function callInner(api: unknown) {
  const { notes } = getTypedApiFactory<{ root: typeof schema }>()(api);
  expectTypeOf(await notes.get(args)).toEqualTypeOf<Note>();
  expectTypeOf(await notes.watch(args)).toEqualTypeOf<Readable>();
  const callback = (note: Note) => note.text;
  expectTypeOf(await notes.write(args, { callback })).toEqualTypeOf<Writable>();
  // @ts-expect-error a client stream needs its callback
  void notes.write(args);
}
