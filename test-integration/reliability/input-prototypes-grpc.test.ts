import { Metadata } from '@grpc/grpc-js';
import { watchPrototypes } from '../../test/fuzz/prototypes';
import { encodeMessage } from '../../test/servers/encode-message';
import { grpcError } from '../../test/servers/start-grpc-upstream';
import { startHttp2Upstream, sendGrpc } from '../../test/servers/start-http2-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { startShop, startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

const FLAT = '{"__proto__":"1","constructor":"2","prototype":"3","a":"4"}';
const MAP = '{"__proto__":1,"constructor":2,"prototype":3,"a":4}';

let areUntouched: () => boolean;
beforeEach(() => void (areUntouched = watchPrototypes()));
afterEach(() => expect(areUntouched()).toBe(true));

/** One entry of `map<string, string> metadata = 3` of google.rpc.ErrorInfo, which no library writes. */
function encodeEntry(key: string, value: string): Buffer {
  const field = (tag: number, bytes: Buffer) => Buffer.from([tag, bytes.length, ...bytes]);
  const parts = [field(0x0a, Buffer.from(key)), field(0x12, Buffer.from(value))];
  return field(0x1a, Buffer.concat(parts));
}

promise(
  'I7',
  'The keys __proto__, constructor and prototype in maps of gRPC messages and in status details change no prototype, and arrive like any other key.',
  (express) => {
    test.each(['loader', 'canonical'] as const)(
      'in a map, in the format %s',
      async (jsonFormat) => {
        const upstream = await startHttp2Upstream((stream) => {
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => sendGrpc(stream, { chunks }));
        });
        const echo = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Echo' };
        const changed = { ...echo, transformResponseData: (data: object) => ({ ...data }) };
        const actions = { echo, changed };
        const { post, items } = await startShopAt(upstream.address, {
          express,
          actions: actions as never,
          config: { jsonFormat },
        });
        for (const name of ['echo', 'changed'] as const) {
          expect((await post(`items/${name}`, `{"prices":${MAP}}`)).text).toContain(MAP);
          const { responseData } = await items[name]!({ args: { prices: JSON.parse(MAP) } });
          expect(JSON.stringify(responseData.prices)).toBe(MAP);
        }
      },
    );

    test('in status details', async () => {
      const entries = Object.entries(JSON.parse(FLAT) as Record<string, string>);
      const value = Buffer.concat(entries.map(([key, text]) => encodeEntry(key, text)));
      const detail = { type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value };
      const status = { code: 3, message: 'no', details: [detail] };
      const metadata = new Metadata();
      metadata.set('grpc-status-details-bin', encodeMessage('google.rpc.Status', status));
      const Get = (_call: unknown, callback: any) => callback(grpcError(3, 'no', metadata));
      const { post, items } = await startShop({ Get }, { express });
      const answer = await post('items/get');
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(`"metadata":${FLAT}`);
      const { error } = await failureOf(items['get']!());
      expect(JSON.stringify(error)).toContain(`"metadata":${FLAT}`);
    });
  },
);
