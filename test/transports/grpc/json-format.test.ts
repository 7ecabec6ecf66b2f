import type { ApiServiceGrpcActionConfig, GatewayConfig } from '../../../lib';
import { packAny } from '../../servers/encode-message';
import { startGrpcAction } from '../../servers/start-grpc-action';

const Echo = (call: any, callback: any) => callback(null, call.request);
const Get = (_call: any, callback: any) => {
  callback(null, {
    itemId: 'a',
    stockCount: '0',
    color: 'GREEN',
    createdAt: { seconds: '1', nanos: 500_000_000 },
    picture: Buffer.from('hi'),
    note: '',
    userId: 'u1',
    metadata: packAny('shop.Item', { itemId: 'inner' }),
  });
};

const loader = {
  itemId: 'a',
  stockCount: '0',
  color: 'GREEN',
  tags: [],
  createdAt: { seconds: '1', nanos: 500_000_000 },
  picture: { type: 'Buffer' },
  owner: 'userId',
  userId: 'u1',
  parent: null,
  metadata: { '@type': 'type.googleapis.com/shop.Item', itemId: 'inner', parent: null },
};
const canonical = {
  itemId: 'a',
  color: 'GREEN',
  createdAt: '1970-01-01T00:00:01.500Z',
  picture: 'aGk=',
  note: '',
  userId: 'u1',
  metadata: { '@type': 'type.googleapis.com/shop.Item', itemId: 'inner' },
};

type Format = GatewayConfig['jsonFormat'];

async function start(
  config: Format,
  own: Format,
  definition: Partial<ApiServiceGrpcActionConfig> = {},
) {
  return startGrpcAction(
    { Get, Echo },
    { ...definition, ...(own && { jsonFormat: own }) },
    config && { jsonFormat: config },
  );
}

test.each<[Format, Format]>([
  [undefined, undefined],
  ['loader', undefined],
  ['canonical', 'loader'],
])(
  'with jsonFormat %s of the config and %s of the action, answers are as of proto-loader',
  async (...formats) => {
    expect((await (await start(...formats)).post()).json).toMatchObject(loader);
  },
);

test.each<[Format, Format]>([
  ['canonical', undefined],
  [undefined, 'canonical'],
  ['loader', 'canonical'],
])(
  'with jsonFormat %s of the config and %s of the action, answers are ProtoJSON',
  async (...formats) => {
    expect((await (await start(...formats)).post()).json).toEqual(canonical);
  },
);

test('canonical args are read as ProtoJSON, both names of a field', async () => {
  const { post } = await start('canonical', undefined, { action: 'Echo' });
  const args = { ...canonical, item_id: 'a', itemId: undefined };
  expect((await post(args)).json).toEqual(canonical);
});

test('canonical args with a field that is not there are 400 INVALID_PARAMS', async () => {
  const { post } = await start('canonical', undefined, { action: 'Echo' });
  expect(await post({ itemIdd: 'a' })).toMatchObject({
    status: 400,
    json: { code: 'INVALID_PARAMS' },
  });
});

test('G6 another jsonFormat fails the build', async () => {
  await expect(start(undefined, 'other' as never)).rejects.toThrow(/items\.run.*jsonFormat/);
});
