import type { ApiServiceGrpcActionConfig, GatewayConfig } from '../../../lib';
import { startGrpcAction } from '../../servers/start-grpc-action';
import { grpcError } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';

const LONG_MS = 60_000;
const SHORT_MS = 30;
const ANSWERS_AFTER_MS = 200;

type Layers = [
  call: object,
  action: Partial<ApiServiceGrpcActionConfig>,
  config: GatewayConfig<any, any, any>,
];

/** Calls a method that takes longer than the short time; its HTTP status. */
async function statusWith(...[call, action, config]: Layers): Promise<number> {
  const Get = (_call: any, callback: any) =>
    void setTimeout(() => callback(null, {}), ANSWERS_AFTER_MS);
  const gateway = await startGrpcAction({ Get }, action, config);
  return gateway.call(call).then(
    () => 200,
    ({ error }) => error.status as number,
  );
}

const short = { timeout: SHORT_MS };
const long = { timeout: LONG_MS };

test.each<[string, number, ...Layers]>([
  ['a short one of the call over the action', 504, short, long, long],
  ['a long one of the call over the action', 200, long, short, short],
  ['a short one of the action over the config', 504, {}, short, long],
  ['a long one of the action over the config', 200, {}, long, short],
  ['that of the config last', 504, {}, {}, short],
  ["never axios's", 200, {}, {}, { axiosConfig: short }],
])('the timeout of a gRPC call: %s', async (_name, status, ...layers) => {
  expect(await statusWith(...layers)).toBe(status);
});

test.each<[string, number, object, object]>([
  ['of the call over the action, fewer', 1, { retries: 0 }, { retries: 2 }],
  ['of the call over the action, more', 2, { retries: 1 }, { retries: 0 }],
  ['of the action', 2, {}, { retries: 1 }],
  ['left out: none', 1, {}, {}],
])('the retries of a gRPC call: %s', async (_name, attempts, call, action) => {
  let count = 0;
  const Get = (_call: any, callback: any) => {
    count++;
    callback(grpcError(14, 'later'));
  };
  await failureOf((await startGrpcAction({ Get }, action)).call(call));
  expect(count).toBe(attempts);
});
