import { Metadata } from '@grpc/grpc-js';
import type { ApiServiceGrpcActionConfig, GatewayConfig } from '../../../lib';
import { encodeMessage, packAny } from '../../servers/encode-message';
import { startGrpcAction } from '../../servers/start-grpc-action';
import { grpcError } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';

const type = (name: string) => `type.googleapis.com/${name}`;
const info = packAny('google.rpc.ErrorInfo', { reason: 'KEPT', domain: 'shop' });
const secret = packAny('google.rpc.DebugInfo', { detail: 'secret-inner', stackEntries: ['at x'] });
const unknown = { type_url: type('other.Message'), value: Buffer.from([8, 1]) };

const statusOf = (details: object[], code = 3) => {
  return encodeMessage('google.rpc.Status', { code, message: 'told in the status', details });
};

async function start(
  statusDetails: Buffer,
  config: GatewayConfig<any, any, any> = {},
  definition: Partial<ApiServiceGrpcActionConfig> = {},
) {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', statusDetails);
  const Get = (_call: any, callback: any) => callback(grpcError(3, 'told by grpc', metadata));
  return startGrpcAction({ Get }, definition, config);
}

test('status details are decoded into details.details, beside code, title and description', async () => {
  const badRequest = packAny('google.rpc.BadRequest', {
    fieldViolations: [{ field: 'item_id', description: 'is empty' }],
  });
  const { post } = await start(statusOf([info, badRequest]));
  expect((await post()).json).toMatchObject({
    status: 400,
    message: 'told in the status',
    details: {
      grpcCode: 3,
      title: 'INVALID_ARGUMENT',
      description: 'told in the status',
      details: [
        { '@type': type('google.rpc.ErrorInfo'), reason: 'KEPT', domain: 'shop', metadata: {} },
        {
          '@type': type('google.rpc.BadRequest'),
          fieldViolations: [{ field: 'item_id', description: 'is empty' }],
        },
      ],
    },
  });
});

test("status details of the user's own types are decoded, with what is in them", async () => {
  const item = packAny('shop.Item', { itemId: 'a', stockCount: '5', metadata: info });
  const { post } = await start(statusOf([item]));
  expect((await post()).json.details.details).toMatchObject([
    {
      '@type': type('shop.Item'),
      itemId: 'a',
      stockCount: '5',
      metadata: { '@type': type('google.rpc.ErrorInfo'), reason: 'KEPT' },
    },
  ]);
});

test.each([
  ['are no message', Buffer.from([255, 255, 255])],
  ['are cut', statusOf([info]).subarray(0, -3)],
  ['are empty', Buffer.alloc(0)],
  ['tell another code', statusOf([info], 5)],
  ['tell no failure', statusOf([info], 0)],
])('R1 status details that %s do not count', async (_name, bytes) => {
  const { post } = await start(bytes);
  const { json } = await post();
  expect(json).toMatchObject({
    status: 400,
    message: 'told by grpc',
    details: { grpcCode: 3, description: 'told by grpc' },
  });
  expect(json.details).not.toHaveProperty('details');
});

test('R1 a detail that does not decode stays an Any, the others are decoded', async () => {
  const corrupt = packAny('google.rpc.ErrorInfo', Buffer.from([10, 200]));
  const { post } = await start(statusOf([corrupt, info]));
  expect((await post()).json.details.details).toMatchObject([
    { type_url: corrupt.type_url, value: corrupt.value.toString('base64') },
    { reason: 'KEPT' },
  ]);
});

test('R3 an unknown Any stays: base64 over HTTP, a Buffer through api', async () => {
  const { post, call } = await start(statusOf([unknown]));
  const over = { ...unknown, value: 'CAE=' };
  expect((await post()).json.details.details).toEqual([over]);
  const { error } = await failureOf(call());
  expect(error.details.details).toEqual([unknown]);
  expect(Buffer.isBuffer(error.details.details[0].value)).toBe(true);
});

const wrap = (inner: object, times: number): object => {
  return times === 0 ? inner : packAny('shop.Item', { metadata: wrap(inner, times - 1) });
};
const formats = ['loader', 'canonical'] as const;
const hidden = formats.flatMap((jsonFormat) =>
  [0, 1, 3].map((depth) => [jsonFormat, depth] as const),
);

test.each(hidden)(
  'R3 in %s, DebugInfo at depth %d is removed unless debug is on',
  async (jsonFormat, depth) => {
    const details = statusOf([wrap(secret, depth), info]);
    const answer = await (await start(details, {}, { jsonFormat })).post();
    expect(answer.text).toContain('KEPT');
    expect(answer.text).not.toContain('secret-inner');

    const shown = await (await start(details, { withDebugHeaders: true }, { jsonFormat })).post();
    expect(shown.text).toContain('secret-inner');
  },
);

test('R3 a DebugInfo that does not decode is removed too', async () => {
  const corrupt = packAny('google.rpc.DebugInfo', Buffer.from('\nsecret-inner'));
  const answer = await (await start(statusOf([corrupt, info]))).post();
  expect(answer.json.details.details).toMatchObject([{ reason: 'KEPT' }]);
});

test('R3 onRequestFailed and api are given DebugInfo', async () => {
  const onRequestFailed = jest.fn((_req, res, error) => res.status(error.status).json({}));
  const { post, call } = await start(statusOf([secret]), { onRequestFailed });
  const details = [{ '@type': type('google.rpc.DebugInfo'), detail: 'secret-inner' }];
  await post();
  expect(onRequestFailed.mock.calls[0]?.[2]).toMatchObject({ details: { details } });
  expect((await failureOf(call())).error).toMatchObject({ details: { details } });
});

test('R3 Any values in each other are decoded to the depth of the limit, and no further', async () => {
  const depthOf = (value: any): number => (value?.metadata ? 1 + depthOf(value.metadata) : 0);
  const deep = statusOf([wrap(info, 60)]);
  const { details } = (await (await start(deep, { limits: { decodeDepth: 20 } })).post()).json;
  expect(depthOf(details.details?.[0])).toBeLessThanOrEqual(21);
  const whole = await (await start(statusOf([wrap(info, 30)]))).post();
  expect(whole.text).toContain('KEPT');
});

test('I7 details with the names of prototypes change none', async () => {
  const metadata = { __proto__: 'x', constructor: 'y', prototype: 'z' };
  const own = Object.defineProperty(metadata, '__proto__', { value: 'x', enumerable: true });
  const { post } = await start(statusOf([packAny('google.rpc.ErrorInfo', { metadata: own })]));
  const answer = await post();
  const shown = answer.json.details.details[0].metadata;
  expect(Object.keys(shown).sort()).toEqual(['__proto__', 'constructor', 'prototype']);
  expect(({} as any).x).toBeUndefined();
});
