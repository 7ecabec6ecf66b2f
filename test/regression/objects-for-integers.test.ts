import { recordingMethod, startGrpcAction } from '../servers/start-grpc-action';
import { failureOf } from '../servers/start-rest-action';

test.each([
  ['an object without a text', { toString: {} }],
  ['an object whose value is none', { valueOf: 1, toString: 2 }],
  ['a list of such an object', [{ toString: {} }]],
])('I8: %s is no integer: 400, and nothing is sent', async (_name, level) => {
  const echo = recordingMethod();
  const { post } = await startGrpcAction({ Echo: echo.method }, { action: 'Echo' });
  const { json } = await post({ level });
  expect(json).toMatchObject({ status: 400, code: 'INVALID_PARAMS' });
  expect(echo.calls).toEqual([]);
});

test('I8: a bigint through api is a number like others', async () => {
  const echo = recordingMethod();
  const { call } = await startGrpcAction({ Echo: echo.method }, { action: 'Echo' });
  await call({ args: { level: 7n } });
  expect(echo.last.request).toMatchObject({ level: 7 });
  const { error } = await failureOf(call({ args: { level: 2n ** 32n } }));
  expect(error).toMatchObject({ status: 400, code: 'INVALID_PARAMS' });
});
