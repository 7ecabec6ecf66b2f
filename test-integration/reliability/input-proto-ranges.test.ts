import { recordingMethod, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { startGateway } from '../../test/servers/start-gateway';
import { startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const FORMATS = ['loader', 'canonical'] as const;

/** The method Kinds of protos/codec/probe.proto and Echo of shop.proto, in one form of JSON. */
async function start(express: ExpressVersion, jsonFormat: (typeof FORMATS)[number]) {
  const echo = (call: any, callback: any) => {
    seen.calls.push(call);
    callback(null, call.request);
  };
  const seen = recordingMethod();
  const probe = { proto: 'codec/probe.proto', service: 'codec.Probe' };
  const kinds = await startGrpcUpstream({ Kinds: echo }, probe);
  const shop = await startGrpcUpstream({ Echo: echo, Watch: echo });
  const ofKinds = { protoKey: probe.service, protoPath: probe.proto, action: 'Kinds' };
  const ofShop = { protoKey: 'shop.Items', protoPath: 'shop.proto' };
  const at = (path: string) => ({ path, insecure: true });
  const services = {
    probe: { endpoints: at(kinds.address), actions: { kinds: ofKinds } },
    shop: {
      endpoints: at(shop.address),
      actions: {
        echo: { ...ofShop, action: 'Echo' },
        watch: { ...ofShop, action: 'Watch', type: 'serverStream' },
      },
    },
  };
  const config = { ...WITH_PROTOS, jsonFormat };
  const gateway = await startGateway({ root: services } as never, config, { express });
  return { ...gateway, api: gateway.api as any, calls: seen.calls };
}

const SIGNED_32 = [2 ** 31, -(2 ** 31) - 1, '2147483648', 1.5, '1.5', 1e300];
const UNSIGNED_32 = [-1, 2 ** 32, '4294967296', 0.5];
const SIGNED_64 = [
  '9223372036854775808',
  '-9223372036854775809',
  2 ** 63,
  1e300,
  1.5,
  '9'.repeat(30),
];
const UNSIGNED_64 = [-1, '-1', '18446744073709551616', 2 ** 64, 1.5];
const ENUM = ['PINK', 'red', '', 'constructor', '__proto__', 2 ** 31, 1.5];

const REFUSED: [field: string, values: unknown[]][] = [
  ['int32Field', SIGNED_32],
  ['sint32Field', SIGNED_32],
  ['sfixed32Field', SIGNED_32],
  ['uint32Field', UNSIGNED_32],
  ['fixed32Field', UNSIGNED_32],
  ['int64Field', SIGNED_64],
  ['sint64Field', SIGNED_64],
  ['sfixed64Field', SIGNED_64],
  ['uint64Field', UNSIGNED_64],
  ['fixed64Field', UNSIGNED_64],
  ['color', ENUM],
];

promise(
  'I8',
  "An integer out of its proto field's range, or an unknown enum name, is a coded 400 that names the field; nothing is sent.",
  (express) => {
    describe.each(FORMATS)('in the format %s', (format) => {
      test.each(REFUSED)('%s', async (field, values) => {
        const { post, api, calls } = await start(express, format);
        for (const value of values) {
          const args = { [field]: value };
          const answer = await post('probe/kinds', args);
          expect([value, answer.status]).toEqual([value, 400]);
          const told = {
            status: 400,
            code: expect.stringMatching(/\w/),
            message: expect.any(String),
          };
          expect(answer.json).toMatchObject(told);
          expect(answer.text).toContain(field);
          await expect(api.probe.kinds({ args })).rejects.toMatchObject({ error: told });
        }
        expect(calls).toEqual([]);
      });

      test.each<[string, object]>([
        ['in a message', { parent: { parent: { level: -1 } } }],
        ['an enum in a message', { parent: { color: 'PINK' } }],
        ['in a map', { prices: { a: 1, b: 2 ** 31 } }],
        ['64 bits in a message', { parent: { stockCount: '9223372036854775808' } }],
      ])('%s', async (_place, args) => {
        const { post, calls } = await start(express, format);
        expect((await post('shop/echo', args)).status).toBe(400);
        expect(calls).toEqual([]);
      });

      test('in the request of a stream', async () => {
        const { api, calls } = await start(express, format);
        const call = api.shop.watch({ args: { count: 2 ** 31 } });
        await expect(call).rejects.toMatchObject({ error: { status: 400 } });
        expect(calls).toEqual([]);
      });
    });
  },
);

const BOUNDS: object[] = [
  { int32Field: 2 ** 31 - 1, sint32Field: -(2 ** 31), sfixed32Field: '2147483647' },
  { uint32Field: 2 ** 32 - 1, fixed32Field: 0 },
  { int64Field: '9223372036854775807', sint64Field: '-9223372036854775808', sfixed64Field: 7 },
  { uint64Field: '18446744073709551615', fixed64Field: 2 ** 53 },
];

promise('I8', 'The least and the greatest integer of each type arrive as they are.', (express) => {
  test.each(BOUNDS)('%j', async (args) => {
    const { post } = await start(express, 'loader');
    const { status, json } = await post('probe/kinds', args);
    expect(status).toBe(200);
    for (const [field, value] of Object.entries(args)) {
      expect(String(json[field])).toBe(String(value));
    }
  });
});
