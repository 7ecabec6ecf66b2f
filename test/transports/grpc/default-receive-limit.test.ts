import { startGrpcAction } from '../../servers/start-grpc-action';
import { failureOf } from '../../servers/start-rest-action';

const LIMIT = 100 * 1024 * 1024;
/** Tag and length of the picture, for a message of this size. */
const OVERHEAD = 5;

const answering = (bytes: number) =>
  startGrpcAction({
    Get: (_call: any, callback: any) => callback(null, { picture: Buffer.alloc(bytes) }),
  });

test('a message of 100 MiB is received by default', async () => {
  const { call } = await answering(LIMIT - OVERHEAD);
  const { responseData } = await call();
  expect(responseData.picture).toHaveLength(LIMIT - OVERHEAD);
});

test('one byte more is a coded failure', async () => {
  const { call } = await answering(LIMIT - OVERHEAD + 1);
  const { error } = await failureOf(call());
  expect(error).toMatchObject({ status: 429, details: { grpcCode: 8 } });
});
