import { expectTypeOf } from 'expect-type';
import type { Readable } from 'node:stream';
import { defineSchema, getGatewayControllers, grpc } from '../../lib';
import type { ApiActionParams, ApiActionResponseType } from '../../lib';

interface Note {
  text: string;
}
interface Query {
  id: string;
}
const from = { protoPath: 'notes.proto', protoKey: 'notes.Notes', action: 'Get' };

const actions = {
  bare: grpc<Note>()(from),
  unary: grpc<Note, Query>()({ ...from, type: 'unary' }),
  stream: grpc<Note, Query>()({ ...from, type: 'serverStream' }),
  options: grpc<Note, Query>()({
    ...from,
    params: ({ id }, headers) => ({ body: { id: id.trim() }, headers: { host: headers.host } }),
    endpoint: (_endpoints, { id }) => ({
      path: id,
      insecure: true,
      grpcOptions: { 'grpc.max_send_message_length': 1 },
    }),
    secureWithoutRootCert: true,
    caCertificatePath: null,
    encodedFields: ['payload', 'byName.*'],
    jsonFormat: 'canonical',
    proxyResponseHeaders: ['x-cost'],
  }),
  asynchronous: grpc<Note, Query>()({
    ...from,
    params: ({ id }) => Promise.resolve({ body: { id } }),
    transformResponseData: ({ text }) => Promise.resolve(text.length),
  }),
};
const schema = defineSchema({ notes: { actions } });

export async function callActions() {
  const { notes } = getGatewayControllers({ root: schema }).api;
  const args: Query = { id: '1' };
  expectTypeOf((await notes.bare()).responseData).toEqualTypeOf<Note>();
  expectTypeOf((await notes.unary({ args })).responseData).toEqualTypeOf<Note>();
  expectTypeOf((await notes.options({ args })).responseData).toEqualTypeOf<Note>();
  expectTypeOf((await notes.asynchronous({ args })).responseData).toEqualTypeOf<number>();
  expectTypeOf((await notes.stream({ args })).stream).toEqualTypeOf<Readable>();
  // @ts-expect-error a unary answer has no stream
  void (await notes.unary({ args })).stream;
  // @ts-expect-error another argument
  void notes.unary({ args: { name: '1' } });
  // @ts-expect-error no such action
  void notes.lost({ args });
}

expectTypeOf<ApiActionResponseType<typeof actions.unary>>().toEqualTypeOf<Note>();
expectTypeOf<ApiActionParams<typeof actions.unary>>().toEqualTypeOf<Query>();
expectTypeOf<ApiActionResponseType<typeof actions.asynchronous>>().toEqualTypeOf<number>();

// @ts-expect-error no such kind
grpc<Note, Query>()({ ...from, type: 'stream' });
// @ts-expect-error a method is named
grpc<Note, Query>()({ protoPath: 'notes.proto', protoKey: 'notes.Notes' });
// @ts-expect-error no such format
grpc<Note, Query>()({ ...from, jsonFormat: 'json' });
// @ts-expect-error the args have no such member
grpc<Note, Query>()({ ...from, params: ({ name }) => ({ body: { name } }) });
// @ts-expect-error the response has no such member
grpc<Note, Query>()({ ...from, transformResponseData: ({ title }) => title });
