import { isRetryableGrpcError } from '../../../lib';
import { startGrpcAction } from '../../servers/start-grpc-action';
import { grpcError } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';

const fail = (code: number, details = 'told by the server') => ({
  Get: (_call: any, callback: any) => callback(grpcError(code, details)),
});

const table: [number, string, number][] = [
  [1, 'CANCELLED', 499],
  [2, 'UNKNOWN', 500],
  [3, 'INVALID_ARGUMENT', 400],
  [4, 'DEADLINE_EXCEEDED', 504],
  [5, 'NOT_FOUND', 404],
  [6, 'ALREADY_EXISTS', 409],
  [7, 'PERMISSION_DENIED', 403],
  [8, 'RESOURCE_EXHAUSTED', 429],
  [9, 'FAILED_PRECONDITION', 400],
  [10, 'ABORTED', 409],
  [11, 'OUT_OF_RANGE', 400],
  [12, 'UNIMPLEMENTED', 501],
  [13, 'INTERNAL', 500],
  [14, 'UNAVAILABLE', 503],
  [15, 'DATA_LOSS', 500],
  [16, 'UNAUTHENTICATED', 401],
  [17, 'UNKNOWN', 500],
  [99, 'UNKNOWN', 500],
];

test.each(table)('the gRPC code %d (%s) is answered with %d', async (grpcCode, title, status) => {
  const { post } = await startGrpcAction(fail(grpcCode));
  expect(await post({}, { 'x-request-id': 'r1' })).toMatchObject({
    status,
    json: {
      status,
      code: 'GATEWAY_REQUEST_ERROR',
      message: 'told by the server',
      details: { title, description: 'told by the server', grpcCode },
      requestId: 'r1',
    },
  });
});

test('the gRPC code 0 is answered with 200', async () => {
  const { post } = await startGrpcAction({
    Get: (_call: any, callback: any) => callback(null, {}),
  });
  expect(await post()).toMatchObject({ status: 200 });
});

test('through api the same failure is a GatewayCallError with its cause', async () => {
  const { call } = await startGrpcAction(fail(5));
  const failure = await failureOf(call());
  expect(failure).toMatchObject({
    name: 'GatewayCallError',
    message: 'told by the server',
    error: { status: 404, details: { grpcCode: 5 } },
    debugHeaders: { 'x-api-request-action': 'Get' },
    cause: { code: 5 },
  });
});

test('a failure without message has a text in the language of the request', async () => {
  const { post } = await startGrpcAction(fail(5, ''));
  const answer = await post({}, { 'accept-language': 'ru' });
  expect(answer.json.message).toMatch(/[\u0400-\u04ff]/);
});

test('L4 a message of any length is answered with at most 8 KB of it', async () => {
  const { post } = await startGrpcAction(fail(3, '\u0436'.repeat(8000)));
  const { json, body } = await post();
  expect(json.message).toMatch(/^\u0436+$/);
  expect(Buffer.byteLength(json.message)).toBeLessThanOrEqual(8192);
  expect(body.length).toBeLessThan(65536);
});

test.each([1, 2, 10, 14])('isRetryableGrpcError says yes to %d', (code) => {
  expect(isRetryableGrpcError({ code })).toBe(true);
});

test.each<[unknown]>([
  ...[0, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16].map((code): [unknown] => [{ code }]),
  [{ code: '14' }],
  [{}],
  [null],
  [undefined],
  ['UNAVAILABLE'],
])('isRetryableGrpcError says no to %j', (error) => {
  expect(isRetryableGrpcError(error)).toBe(false);
});
