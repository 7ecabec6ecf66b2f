import { Metadata } from '@grpc/grpc-js';
import { startGateway } from '../../servers/start-gateway';
import { grpcError, PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';

function schemaFor(address: string) {
  const base = { protoKey: 'shop.Items', protoPath: 'shop.proto' };
  return {
    root: {
      items: {
        endpoints: { path: address, insecure: true },
        actions: {
          get: { ...base, action: 'Get' },
          echo: { ...base, action: 'Echo' },
          watch: { ...base, action: 'Watch', type: 'serverStream' },
        },
      },
    },
  } as const;
}

const config = { includeProtoRoots: [PROTO_ROOT] };

test('a unary call answers with the message in the shape of proto-loader', async () => {
  const upstream = await startGrpcUpstream({
    Get: (call: any, callback: any) =>
      callback(null, {
        itemId: call.request.itemId,
        stockCount: '9007199254740993',
        color: 'GREEN',
      }),
  });
  const gateway = await startGateway(schemaFor(upstream.address), config);
  const answer = await gateway.post('items/get', { itemId: 'a' });
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    itemId: 'a',
    stockCount: '9007199254740993',
    color: 'GREEN',
    tags: [],
    prices: {},
    createdAt: null,
  });
});

test('a failed call has the HTTP status of its gRPC code', async () => {
  const upstream = await startGrpcUpstream({
    Get: (_call: any, callback: any) => callback(grpcError(5, 'no such item')),
  });
  const gateway = await startGateway(schemaFor(upstream.address), config);
  const answer = await gateway.post('items/get', { itemId: 'a' });
  expect(answer.status).toBe(404);
  expect(answer.json).toMatchObject({
    code: 'GATEWAY_REQUEST_ERROR',
    message: 'no such item',
    details: { grpcCode: 5 },
  });
});

test('metadata goes both ways', async () => {
  let received: Metadata | undefined;
  const upstream = await startGrpcUpstream({
    Get(call: any, callback: any) {
      received = call.metadata as Metadata;
      const trailer = new Metadata();
      trailer.set('x-cost', '7');
      callback(null, {}, trailer);
    },
  });
  const schema = schemaFor(upstream.address);
  const gateway = await startGateway(schema, {
    ...config,
    withDebugHeaders: true,
    getAuthHeaders: () => ({
      authorization: 'Bearer x',
      'trace-bin': Buffer.from('hi').toString('base64'),
    }),
  });
  const answer = await gateway.post('items/get', {}, { 'x-request-id': 'r1' });
  expect(received?.get('x-request-id')).toEqual(['r1']);
  expect(received?.get('authorization')).toEqual(['Bearer x']);
  expect(received?.get('trace-bin')).toEqual([Buffer.from('hi')]);
  expect(answer.headers).toMatchObject({
    'x-metadata-x-cost': '7',
    'x-api-request-protokey': 'shop.Items',
    'x-api-request-action': 'Get',
  });
});

test('I8 what does not fit the message is refused, and nothing is sent', async () => {
  const Echo = jest.fn((call: any, callback: any) => callback(null, call.request));
  const upstream = await startGrpcUpstream({ Echo });
  const gateway = await startGateway(schemaFor(upstream.address), config);
  const answer = await gateway.post('items/echo', { parent: { level: 4294967296 } });
  expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMS' } });
  expect(answer.json.details.description).toBe('parent.level: expected an unsigned 32-bit integer');
  expect(Echo).not.toHaveBeenCalled();
});

test('R5 a stream action over HTTP is refused with 501', async () => {
  const Watch = jest.fn();
  const upstream = await startGrpcUpstream({ Watch });
  const gateway = await startGateway(schemaFor(upstream.address), config);
  expect(await gateway.post('items/watch', { count: 1 })).toMatchObject({
    status: 501,
    json: { code: 'STREAM_NOT_SUPPORTED' },
  });
  expect(Watch).not.toHaveBeenCalled();
});

test('a server stream is a stream of messages', async () => {
  const upstream = await startGrpcUpstream({
    Watch(call: any) {
      for (let i = 0; i < call.request.count; i++) call.write({ itemId: String(i) });
      call.end();
    },
  });
  const gateway = await startGateway(schemaFor(upstream.address), config);
  const { stream } = await gateway.api.items.watch({ args: { count: 3 } });
  const ids: string[] = [];
  for await (const item of stream) ids.push(item.itemId);
  expect(ids).toEqual(['0', '1', '2']);
});

test('an unreachable endpoint is a coded 503 that names no inner address', async () => {
  const gateway = await startGateway(schemaFor('127.0.0.1:1'), config);
  const answer = await gateway.post('items/get', {});
  expect(answer).toMatchObject({ status: 503, json: { details: { grpcCode: 14 } } });
  expect(answer.text).not.toContain('127.0.0.1');
});
