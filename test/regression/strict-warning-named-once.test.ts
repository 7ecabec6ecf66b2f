import { getGatewayControllers } from '../../lib';
import { PROTO_ROOT } from '../servers/start-grpc-upstream';

test('a warning of a transport that strict makes an error names its action once', () => {
  const lost = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Lost' };
  const items = { endpoints: '127.0.0.1:1', actions: { lost } };
  const build = () =>
    getGatewayControllers({ root: { items } }, { strict: true, includeProtoRoots: [PROTO_ROOT] });
  expect(build).toThrow(
    expect.objectContaining({
      code: 'STRICT_WARNING',
      message: 'Action root.items.lost: the service shop.Items has no method Lost',
    }),
  );
});
