import { encodeMessage, packAny } from '../../test/servers/encode-message';
import { sendGrpc, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const info = packAny('google.rpc.ErrorInfo', { reason: 'KEPT', domain: 'shop' });
const corruptInfo = packAny('google.rpc.ErrorInfo', Buffer.from([10, 200]));
const statusOf = (details: object[], code = 3): Buffer => {
  return encodeMessage('google.rpc.Status', { code, message: 'told in the status', details });
};
const whole = statusOf([info]);

/** A server that fails with code 3, and tells more as these bytes, or as this text in place of base64. */
async function start(express: ExpressVersion, details: Buffer | string) {
  const text = typeof details === 'string' ? details : details.toString('base64');
  const upstream = await startHttp2Upstream((stream) => {
    const trailers = {
      'grpc-status': '3',
      'grpc-message': 'told by grpc',
      'grpc-status-details-bin': text,
    };
    sendGrpc(stream, { trailers });
  });
  const shop = await startShopAt(upstream.address, { express });
  return {
    ...shop,
    errors: async () => {
      const { status, json } = await shop.post('items/get');
      expect(json.status).toBe(status);
      return [json, (await failureOf(shop.items.get!())).error];
    },
  };
}

promise(
  'R1',
  'Status details that decode and agree with grpc-status give the message and the details of the error.',
  (express) => {
    test.each([
      ['padded', whole.toString('base64')],
      ['not padded', whole.toString('base64').replace(/=+$/, '')],
    ])('base64 that is %s', async (_name, text) => {
      const { errors } = await start(express, text);
      for (const error of await errors()) {
        expect(error).toMatchObject({
          status: 400,
          code: 'GATEWAY_REQUEST_ERROR',
          message: 'told in the status',
          details: { grpcCode: 3, details: [{ '@type': info.type_url, reason: 'KEPT' }] },
        });
      }
    });
  },
);

const refused: [string, Buffer | string][] = [
  ['are no message', Buffer.from([255, 255, 255])],
  ['are cut', whole.subarray(0, -3)],
  ['are empty', ''],
  ['are no base64', '%%%'],
  ['tell another code', statusOf([info], 5)],
  ['tell no failure', statusOf([info], 0)],
  ['have a code of the wrong wire type', Buffer.from([0x0a, 1, 3])],
  ['have a list that is longer than they are', Buffer.from([8, 3, 0x1a, 100, 1])],
  ['have a length beyond all integers', Buffer.from([8, 3, 0x1a, ...Array(9).fill(255), 1])],
  ['have a group that never ends', Buffer.from([8, 3, 0x23, 8, 1])],
];

promise(
  'R1',
  'Status details that do not decode or do not agree with grpc-status are left out: grpc-status and grpc-message stand.',
  (express) => {
    test.each(refused)('details that %s', async (_name, bytes) => {
      const { errors } = await start(express, bytes);
      for (const error of await errors()) {
        expect(error).toMatchObject({
          status: 400,
          code: 'GATEWAY_REQUEST_ERROR',
          message: 'told by grpc',
          details: { grpcCode: 3, title: 'INVALID_ARGUMENT', description: 'told by grpc' },
        });
        expect(error.details).not.toHaveProperty('details');
      }
    });

    test('one detail of several that does not decode stays an Any beside the others', async () => {
      const { post } = await start(express, statusOf([corruptInfo, info]));
      expect((await post('items/get')).json.details.details).toMatchObject([
        { type_url: corruptInfo.type_url, value: corruptInfo.value.toString('base64') },
        { reason: 'KEPT' },
      ]);
    });
  },
);
