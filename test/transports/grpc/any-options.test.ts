import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition, Options } from '@grpc/proto-loader';
import { encodeMessage, packAny } from '../../servers/encode-message';
import { grpcActionAt } from '../../servers/start-grpc-action';
import { BUNDLED_PROTOS, PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';

const DEFAULTS: Options = { longs: String, enums: String, defaults: true, oneofs: true };

const full = {
  itemId: 'a',
  stockCount: '9007199254740993',
  color: 'RED',
  tags: ['x'],
  prices: { eur: 1 },
  picture: Buffer.from([1, 255]),
  note: 'n',
  teamId: 't',
  parent: { stockCount: '-5' },
};

/** An answer whose `response` is an Any of the item, decoded with the action's options. */
async function decodedWith(item: object, options: object | undefined, definition: object = {}) {
  const data = { done: true, response: packAny('shop.Item', item) };
  const { address } = await startGrpcUpstream(
    { Operate: (_call: any, callback: any) => callback(null, data) },
    { proto: 'jobs.proto', service: 'jobs.Jobs' },
  );
  const { call } = await grpcActionAt({ path: address, insecure: true }, {
    ...{ protoPath: 'jobs.proto', protoKey: 'jobs.Jobs', action: 'Operate' },
    ...(options && { decodeAnyMessageProtoLoaderOptions: options }),
    ...definition,
  } as never);
  return (await call()).responseData;
}

function byProtoLoader(item: object, options: Options): object {
  const includeDirs = [PROTO_ROOT, BUNDLED_PROTOS];
  const definitions = loadSync('shop.proto', { ...DEFAULTS, ...options, includeDirs });
  const { deserialize } = definitions['shop.Item'] as MessageTypeDefinition<object, object>;
  return deserialize(encodeMessage('shop.Item', item));
}

const variants: [string, Options][] = [
  ['longs: Number', { longs: Number }],
  ['longs: undefined', { longs: undefined }],
  ['enums: undefined', { enums: undefined }],
  ['bytes: String', { bytes: String }],
  ['bytes: Array', { bytes: Array }],
  ['defaults: false', { defaults: false }],
  ['defaults: false, arrays: true', { defaults: false, arrays: true }],
  ['defaults: false, objects: true', { defaults: false, objects: true }],
  ['oneofs: false', { oneofs: false }],
  [
    'all at once',
    { longs: Number, enums: undefined, bytes: String, defaults: false, oneofs: false },
  ],
];
const cases = variants.flatMap(([name, options]) => [
  [name, 'a full', full, options] as const,
  [name, 'an empty', {}, options] as const,
]);

test.each(cases)(
  'decodeAnyMessageProtoLoaderOptions %s decode %s message as proto-loader does',
  async (_name, _kind, item, options) => {
    const { response } = await decodedWith(item, options);
    const { '@type': type, ...content } = response;
    expect(type).toBe('type.googleapis.com/shop.Item');
    expect(content).toEqual(byProtoLoader(item, options));
  },
);

test('without them the options of the contract apply, and those left out stay', async () => {
  expect((await decodedWith(full, undefined)).response).toMatchObject({
    stockCount: '9007199254740993',
    color: 'RED',
    owner: 'teamId',
    picture: Buffer.from([1, 255]),
  });
  const { response } = await decodedWith(full, { enums: undefined });
  expect(response).toMatchObject({ stockCount: '9007199254740993', color: 1, owner: 'teamId' });
});

test('they say nothing of the message around the Any', async () => {
  const answer = await decodedWith(full, { defaults: false, oneofs: false });
  expect(answer).toMatchObject({ name: '', metadata: null, result: 'response' });
});

test.each<[string, object]>([
  ['bytes: String', { bytes: String }],
  ['bytes: Array', { bytes: Array }],
  ['defaults: false', { defaults: false }],
])('with %s an Any in the Any is decoded too, and an unknown one stays', async (_name, options) => {
  const unknown = { type_url: 'type.googleapis.com/no.such.Type', value: Buffer.from([8, 1]) };
  const inner = packAny('shop.Item', { itemId: 'inner', parent: { metadata: unknown } });
  const { response } = await decodedWith({ metadata: inner }, options);
  expect(response.metadata).toMatchObject({
    '@type': 'type.googleapis.com/shop.Item',
    itemId: 'inner',
    parent: { metadata: unknown },
  });
  const empty = { type_url: 'type.googleapis.com/shop.Item', value: Buffer.alloc(0) };
  const { response: withEmpty } = await decodedWith({ metadata: empty }, options);
  expect(withEmpty.metadata).toHaveProperty('@type', empty.type_url);
});
