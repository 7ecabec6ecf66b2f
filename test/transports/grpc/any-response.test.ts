import type { ApiServiceGrpcActionConfig } from '../../../lib';
import { packAny } from '../../servers/encode-message';
import { grpcActionAt } from '../../servers/start-grpc-action';
import { startGrpcUpstream } from '../../servers/start-grpc-upstream';

const type = (name: string) => `type.googleapis.com/${name}`;
const item = packAny('shop.Item', { itemId: 'a' });
const decodedItem = { '@type': type('shop.Item'), itemId: 'a' };

async function start(
  action: 'Operate' | 'Wrap',
  data: object,
  definition: Partial<ApiServiceGrpcActionConfig> = {},
) {
  const { address } = await startGrpcUpstream(
    { [action]: (_call: any, callback: any) => callback(null, data) },
    { proto: 'jobs.proto', service: 'jobs.Jobs' },
  );
  const endpoint = { path: address, insecure: true };
  const jobs = { protoPath: 'jobs.proto', protoKey: 'jobs.Jobs', action, ...definition };
  return grpcActionAt(endpoint, jobs as Partial<ApiServiceGrpcActionConfig>);
}

test.each([
  ['metadata', { metadata: item }, { metadata: decodedItem }],
  ['response', { done: true, response: item }, { result: 'response', response: decodedItem }],
  [
    'error.details',
    { error: { code: 5, message: 'gone', details: [item, item] } },
    { result: 'error', error: { code: 5, message: 'gone', details: [decodedItem, decodedItem] } },
  ],
])('an Any in %s of an operation is decoded, with @type added', async (_name, data, expected) => {
  const { post } = await start('Operate', data);
  expect((await post()).json).toMatchObject(expected);
});

test('an Any in a message that stands in such a field is decoded', async () => {
  const { post } = await start('Wrap', { response: { anyValue: item } });
  expect((await post()).json.response).toMatchObject({ anyValue: decodedItem });
});

test.each<[string, object, object]>([
  ['inner.payload', { inner: { payload: item } }, { inner: { payload: decodedItem } }],
  ['inners.payload', { inners: [{ payload: item }] }, { inners: [{ payload: decodedItem }] }],
  [
    'inners.byName.*',
    { inners: [{ byName: { a: item } }] },
    { inners: [{ byName: { a: decodedItem } }] },
  ],
  ['list.*', { list: [item] }, { list: [decodedItem] }],
])('the encodedFields name %s', async (path, data, expected) => {
  const { post } = await start('Wrap', data, { encodedFields: [path] });
  expect((await post()).json).toMatchObject(expected);
});
