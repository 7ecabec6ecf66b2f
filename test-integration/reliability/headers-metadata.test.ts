import { Metadata } from '@grpc/grpc-js';
import { frame, sendGrpc, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { ITEM } from './grpc-faults';
import { promise } from './promise';
import { DOORS, startKinds } from './start-kinds';
import type { KindsOptions } from './start-kinds';

checkLeaks();

type Make = () => any;

/** Everything that makes metadata. */
const MAKERS: [string, (make: Make) => KindsOptions][] = [
  ['proxyHeaders', (make) => ({ config: { proxyHeaders: make } })],
  ['getAuthHeaders', (make) => ({ config: { getAuthHeaders: make } })],
  ['params', (make) => ({ definition: { params: () => ({ headers: make() }) } })],
];
const BYTES = Buffer.from([0, 255, 10, 13, 128]);

promise(
  'H3',
  '`-bin` metadata is base64 on the way to the upstream; a value that is no base64 is left out.',
  (express) => {
    test.each(MAKERS)('from %s', async (_maker, toOptions) => {
      let value: unknown;
      const make = () => ({ 'trace-bin': value, 'x-kept': 'yes' });
      const { send, echo } = await startKinds(express, toOptions(make));
      for (const [given, expected] of [
        [BYTES.toString('base64'), [BYTES]],
        ['YQ', [Buffer.from('a')]],
        ['', [Buffer.alloc(0)]],
        [
          ['YQ==', '*', 'Yg=='],
          [Buffer.from('a'), Buffer.from('b')],
        ],
        ...['*', 'a', 'YWI=c', '====', 'YQ===', 'YW I='].map((invalid) => [invalid, []]),
      ] as const) {
        value = given;
        for (const door of DOORS) {
          const outcome = await send(['grpc', door]);
          expect(outcome).toMatchObject({ status: 200, sent: { 'x-kept': 'yes' } });
          expect(echo.last.metadata.get('trace-bin')).toEqual(expected);
        }
      }
    });

    test('copied from the client', async () => {
      const { send, echo } = await startKinds(express, {
        definition: { proxyHeaders: ['trace-bin', 'bad-bin'] },
      });
      const headers = { 'trace-bin': BYTES.toString('base64'), 'bad-bin': '*' };
      for (const door of DOORS) {
        expect(await send(['grpc', door], headers)).toMatchObject({ status: 200 });
        expect(echo.last.metadata.get('trace-bin')).toEqual([BYTES]);
        expect(echo.last.metadata.get('bad-bin')).toEqual([]);
      }
    });
  },
);

promise(
  'H3',
  '`-bin` metadata of an answer comes back as base64, whatever bytes it has.',
  (express) => {
    const definition = { proxyResponseHeaders: ['trace-bin', 'empty-bin'] };

    test.each([BYTES, Buffer.from('a'), Buffer.alloc(300, 0xfe)].map((bytes) => [bytes]))(
      '%j',
      async (bytes) => {
        const trailer = new Metadata();
        trailer.set('trace-bin', bytes);
        const { post, call } = await startKinds(express, { definition, trailer });
        const expected = { 'trace-bin': bytes.toString('base64') };
        expect((await post('grpc')).headers).toMatchObject(expected);
        expect((await call('grpc', {})).responseHeaders).toEqual(expected);
      },
    );

    test('that is no base64 is no harm', async () => {
      const upstream = await startHttp2Upstream((stream) =>
        sendGrpc(stream, {
          chunks: [frame(ITEM)],
          trailers: { 'grpc-status': '0', 'trace-bin': '*no*', 'x-kept': 'yes' },
        }),
      );
      const proxyResponseHeaders = ['trace-bin', 'x-kept'];
      const get = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };
      const actions = { get: { ...get, proxyResponseHeaders } };
      const { post } = await startShopAt(upstream.address, { express, actions });
      const { status, headers } = await post('items/get');
      expect({ status, headers }).toMatchObject({ status: 200, headers: { 'x-kept': 'yes' } });
      // grpc-js has decoded what could be decoded of it.
      expect(headers['trace-bin']).toMatch(/^[\w+/]*={0,2}$/);
    });
  },
);

const GIVEN: [unknown, string | undefined][] = [
  [7, '7'],
  [0, '0'],
  [-1.5, '-1.5'],
  [9007199254740993n, '9007199254740993'],
  [true, 'true'],
  [false, 'false'],
  ['', ''],
  [null, undefined],
  [undefined, undefined],
  [[], undefined],
  [[null, undefined], undefined],
  [['a', 'b'], 'a, b'],
  [['a', 1, null, false], 'a, 1, false'],
];

promise(
  'H3',
  'In headers and metadata numbers and booleans become text, null and undefined are left out, and an array adds several values.',
  (express) => {
    test.each(MAKERS)('from %s', async (_maker, toOptions) => {
      let value: unknown;
      const make = () => ({ 'x-value': value, 'x-kept': 'yes' });
      const { send } = await startKinds(express, toOptions(make));
      for (const [given, expected] of GIVEN) {
        value = given;
        for (const kind of ['rest', 'grpc'] as const) {
          for (const door of DOORS) {
            const { status, sent = {} } = await send([kind, door]);
            const seen = [status, sent['x-kept'], sent['x-value']];
            expect([kind, given, ...seen]).toEqual([kind, given, 200, 'yes', expected]);
          }
        }
      }
    });

    test('several values go as several', async () => {
      const make = () => ({ 'x-value': ['a', 'b, c', 3] });
      const { send, http } = await startKinds(express, { config: { getAuthHeaders: make } });
      for (const door of DOORS) {
        await send(['rest', door]);
        const { rawHeaders } = http.last;
        const values = rawHeaders.filter((_text, at) => rawHeaders[at - 1] === 'x-value');
        expect(values).toEqual(['a', 'b, c', '3']);
      }
    });
  },
);
