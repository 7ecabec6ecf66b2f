import { ChannelCredentials } from '@grpc/grpc-js';
import { getGatewayControllers } from '../../../lib';
import type { ApiServiceMixedExtra } from '../../../lib';

function startMixed(config: object) {
  const credentialsOf = (_api: unknown, _args: object, { grpcContext }: ApiServiceMixedExtra) =>
    grpcContext.credentials;
  const { api } = getGatewayControllers(
    { root: { functions: { actions: { credentialsOf } } } },
    config,
  );
  return api.functions.credentialsOf();
}

test('grpcContext gives functions the credentials of the config, the same each time', async () => {
  const { responseData } = await startMixed({});
  expect(responseData).toBeInstanceOf(ChannelCredentials);
  expect(responseData._isSecure()).toBe(true);
});

test('a certificate of the config that is not there fails the function that asks for it', async () => {
  await expect(startMixed({ caCertificatePath: '/nowhere/ca.pem' })).rejects.toMatchObject({
    error: { status: 500 },
  });
});
