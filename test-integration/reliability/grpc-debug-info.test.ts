import { Metadata } from '@grpc/grpc-js';
import type { GatewayConfig } from '../../lib';
import { encodeMessage, packAny } from '../../test/servers/encode-message';
import { grpcError } from '../../test/servers/start-grpc-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { shopActions, startShop } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

const SECRET = 'secret-inner';
const info = packAny('google.rpc.ErrorInfo', { reason: 'KEPT' });
const secret = packAny('google.rpc.DebugInfo', { detail: SECRET, stackEntries: ['at x'] });
const corrupt = packAny('google.rpc.DebugInfo', Buffer.from(`\n${SECRET}`));
const unknown = { type_url: 'type.googleapis.com/other.Message', value: Buffer.from([8, 1]) };

/** An Any in an Any, so many times; at 0 it is itself. */
function wrap(inner: object, times: number): object {
  let wrapped = inner;
  for (let i = 0; i < times; i++) wrapped = packAny('shop.Item', { metadata: wrapped });
  return wrapped;
}

interface Shape {
  jsonFormat?: 'loader' | 'canonical';
  config?: GatewayConfig<any, any, any>;
}

/** The failure of a call, told with these details, through the controller and through `api`. */
async function fail(
  express: ExpressVersion,
  details: object[],
  { jsonFormat = 'loader', config = {} }: Shape = {},
) {
  const metadata = new Metadata();
  const status = encodeMessage('google.rpc.Status', { code: 3, message: 'told', details });
  metadata.set('grpc-status-details-bin', status);
  const Get = (_call: any, callback: any) => callback(grpcError(3, 'told', metadata));
  const actions = { get: { ...shopActions.get, jsonFormat } };
  const { post, items } = await startShop({ Get }, { express, config, actions });
  const answer = await post('items/get');
  expect(answer.status).toBe(400);
  return { answer, failure: await failureOf(items.get!()) };
}

const formats = ['loader', 'canonical'] as const;
const places = formats.flatMap((jsonFormat) =>
  [0, 1, 3, 30].map((depth) => [jsonFormat, depth] as const),
);

promise(
  'R3',
  'DebugInfo in the details of a gRPC error is removed from the answer at every depth, in both JSON formats, unless debug is on.',
  (express) => {
    test.each(places)('in %s, inside of %d others', async (jsonFormat, depth) => {
      const details = [wrap(secret, depth), info];
      const { answer, failure } = await fail(express, details, { jsonFormat });
      expect(answer.text).toContain('KEPT');
      expect(answer.text).not.toMatch(/secret-inner|DebugInfo/);
      expect(JSON.stringify(failure.error)).toContain(SECRET);

      const config = { withDebugHeaders: true };
      const shown = await fail(express, details, { jsonFormat, config });
      expect(shown.answer.text).toContain(SECRET);
    });

    test('one that does not decode is removed too', async () => {
      const { answer } = await fail(express, [corrupt, info]);
      expect(answer.json.details.details).toMatchObject([{ reason: 'KEPT' }]);
      expect(answer.text).not.toContain(corrupt.value.toString('base64'));
    });
  },
);

promise(
  'R3',
  'An Any of an unknown type stays: its bytes are base64 in the answer and a Buffer through api.',
  (express) => {
    test.each([0, 2])('inside of %d others', async (depth) => {
      const innermost = (value: any): any => (value.metadata ? innermost(value.metadata) : value);
      const { answer, failure } = await fail(express, [wrap(unknown, depth)]);
      const shown = { ...unknown, value: 'CAE=' };
      expect(innermost(answer.json.details.details[0])).toEqual(shown);
      const kept = innermost(failure.error.details.details[0]);
      expect(kept).toEqual(unknown);
      expect(Buffer.isBuffer(kept.value)).toBe(true);
    });
  },
);

/** What the answer carries as base64, as text. */
const bytesIn = (value: any): string =>
  typeof value?.value === 'string'
    ? Buffer.from(value.value, 'base64').toString('latin1')
    : Object.values(Object(value) === value ? value : {})
        .map(bytesIn)
        .join(' ');

promise(
  'R3',
  'An Any that stays bytes, because its type is unknown or it is too deep, is removed too when the name of DebugInfo is in its bytes.',
  (express) => {
    const nested = packAny('shop.Item', { metadata: secret }).value;
    test.each(
      formats.flatMap((jsonFormat) => [
        [jsonFormat, 'of an unknown type', { ...unknown, value: nested }] as const,
        [jsonFormat, 'too deep', wrap(secret, 150)] as const,
      ]),
    )('in %s, one that is %s', async (jsonFormat, _why, detail) => {
      const { answer } = await fail(express, [detail, info], { jsonFormat });
      expect(answer.text).toContain('KEPT');
      expect(bytesIn(answer.json)).not.toContain(SECRET);

      const config = { withDebugHeaders: true };
      const shown = await fail(express, [detail], { jsonFormat, config });
      expect(bytesIn(shown.answer.json)).toContain(SECRET);
    });
  },
);

promise(
  'R3',
  'Any values inside of each other are decoded to a depth of 100 at most; what is deeper stays bytes.',
  (express) => {
    const depthOf = (value: any): number => (value?.metadata ? 1 + depthOf(value.metadata) : 0);

    test('300 deep', async () => {
      const { answer, failure } = await fail(express, [wrap(info, 300)]);
      const depth = depthOf(failure.error.details.details[0]);
      expect(depth).toBeGreaterThan(10);
      expect(depth).toBeLessThanOrEqual(100);
      expect(depthOf(answer.json.details.details[0])).toBe(depth);
    });

    test('as deep as limits.decodeDepth says', async () => {
      const config = { limits: { decodeDepth: 20 } };
      const { failure } = await fail(express, [wrap(info, 60)], { config });
      expect(depthOf(failure.error.details.details[0])).toBeLessThanOrEqual(21);
    });
  },
);
