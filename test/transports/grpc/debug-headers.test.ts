import { Metadata } from '@grpc/grpc-js';
import { VERSION } from '../../../lib/version';
import { recordingMethod, startGrpcAction } from '../../servers/start-grpc-action';
import { grpcError } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';

function metadataOf(values: Record<string, string | Buffer>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(values)) metadata.set(name, value);
  return metadata;
}

const shown = { withDebugHeaders: true };

test('debug headers tell method, proto, endpoint, body and language', async () => {
  const { post, upstream } = await startGrpcAction({ Get: recordingMethod().method }, {}, shown);
  const headers = { 'x-request-id': 'r1', 'accept-language': 'ru' };
  const answer = await post({ itemId: 'a' }, headers);
  expect(answer.headers).toMatchObject({
    'x-request-id': 'r1',
    'x-gateway-version': VERSION,
    'x-api-request-action': 'Get',
    'x-api-request-protokey': 'shop.Items',
    'x-api-request-protopath': 'shop.proto',
    'x-api-request-endpoint': upstream.address,
    'x-api-request-body': encodeURIComponent('{"itemId":"a"}'),
    'x-api-request-lang': 'ru',
  });
});

test('without withDebugHeaders an answer has none', async () => {
  const trailer = metadataOf({ 'x-cost': '7' });
  const { post } = await startGrpcAction({ Get: recordingMethod({}, trailer).method });
  const names = Object.keys((await post()).headers);
  expect(names.filter((name) => /^x-(api|metadata|gateway)/.test(name))).toEqual([]);
});

test('x-metadata-* is the trailing metadata, without credentials', async () => {
  const trailer = metadataOf({
    'x-cost': '7',
    'trace-bin': Buffer.from([0, 255]),
    'session-token': 'secret',
    'set-cookie': 'secret',
    'x-auth': 'secret',
  });
  const getAuthHeaders = () => ({ 'x-auth': 'mine' });
  const { call } = await startGrpcAction(
    { Get: recordingMethod({}, trailer).method },
    { getAuthHeaders },
  );
  const { debugHeaders } = await call();
  expect(debugHeaders).toMatchObject({ 'x-metadata-x-cost': '7', 'x-metadata-trace-bin': 'AP8=' });
  expect(JSON.stringify(debugHeaders)).not.toMatch(/secret|mine/);
});

test('a failed call has its debug headers and trailing metadata too', async () => {
  const Get = (_call: any, callback: any) =>
    callback(grpcError(5, 'no', metadataOf({ 'x-cost': '7' })));
  const { post, call } = await startGrpcAction({ Get }, {}, shown);
  const expected = { 'x-metadata-x-cost': '7', 'x-api-request-protokey': 'shop.Items' };
  expect(await post()).toMatchObject({ status: 404, headers: expected });
  expect((await failureOf(call())).debugHeaders).toMatchObject(expected);
});

test('H5 trailing metadata of any length and text never breaks the answer', async () => {
  const trailer = metadataOf({ 'x-long': 'a'.repeat(10_000), 'x-cost': '7' });
  const { post } = await startGrpcAction({ Get: recordingMethod({}, trailer).method }, {}, shown);
  const answer = await post();
  expect(answer).toMatchObject({ status: 200, headers: { 'x-metadata-x-cost': '7' } });
  expect(answer.headers['x-metadata-x-long']).toMatch(/^a{1,2048}$/);
});

test('proxyDebugHeaders reads the headers of the request', async () => {
  const config = { ...shown, proxyDebugHeaders: ['x-client', 'x-made', 'authorization'] };
  const params = () => ({ headers: { 'x-made': 'params' } });
  const { post } = await startGrpcAction({ Get: recordingMethod().method }, { params }, config);
  const { headers } = await post({}, { 'x-client': 'c', authorization: 'secret' });
  expect(headers).toMatchObject({ 'x-gateway-x-client': 'c' });
  expect(headers).not.toHaveProperty('x-gateway-x-made');
  expect(headers).not.toHaveProperty('x-gateway-authorization');
});

test('a proxyDebugHeaders function is told headers, type and proto', async () => {
  const proxyDebugHeaders = jest.fn(() => ({ 'x-own': 'shown' }));
  const config = { ...shown, proxyDebugHeaders };
  const { post } = await startGrpcAction({ Get: recordingMethod().method }, {}, config);
  expect((await post({}, { 'x-client': 'c' })).headers).toMatchObject({ 'x-own': 'shown' });
  expect(proxyDebugHeaders).toHaveBeenCalledWith(
    expect.objectContaining({ 'x-client': 'c' }),
    'grpc',
    { service: 'items', action: 'run', protopath: 'shop.proto', protokey: 'shop.Items' },
  );
});
