import { getGatewayControllers } from '../../lib';
import { recordingMethod } from '../../test/servers/start-grpc-action';
import { grpcError, PROTO_ROOT } from '../../test/servers/start-grpc-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { writeFiles } from '../../test/transports/grpc/echo-protos';
import { shopActions, startShop } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise, promiseOnce } from './promise';

checkLeaks();

const NO_METHODS = [
  ...['Lost', 'get', 'close', 'constructor', '__proto__', 'prototype', 'toString', 'waitForReady'],
  ...['makeUnaryRequest', 'getChannel', '$channel', 'hasOwnProperty', 'Get/', '../Items/Get', ''],
];

promise(
  'R4',
  'Only methods of the service definition can be called: any other name is a warning of the build and, called, a 400 GRPC_ACTION_NOT_FOUND; nothing is sent and the client stays as it is.',
  (express) => {
    test.each(NO_METHODS)('%j', async (action) => {
      const { method, calls } = recordingMethod({ itemId: 'a' });
      const warn = jest.fn();
      const { post, items } = await startShop(
        { Get: method },
        {
          express,
          actions: { odd: { ...shopActions.get, action } },
          config: { logger: { warn } as never },
        },
      );
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.mock.calls.join()).toMatch(/root\.items\.odd/);
      const refused = {
        status: 400,
        code: 'GRPC_ACTION_NOT_FOUND',
        message: `Not found action ${action} in items`,
      };
      expect(await post('items/odd')).toMatchObject({ status: 400, json: refused });
      expect((await failureOf(items.odd!())).error).toMatchObject(refused);
      expect(calls).toEqual([]);
      expect(await post('items/get')).toMatchObject({ status: 200, json: { itemId: 'a' } });
    });
  },
);

const STATUS_OF_CODE: [code: number, status: number][] = [
  ...([
    [1, 499],
    [2, 500],
    [3, 400],
    [4, 504],
    [5, 404],
    [6, 409],
  ] as [number, number][]),
  ...([
    [7, 403],
    [8, 429],
    [9, 400],
    [10, 409],
    [11, 400],
    [12, 501],
  ] as [number, number][]),
  ...([
    [13, 500],
    [14, 503],
    [15, 500],
    [16, 401],
    [17, 500],
    [1000, 500],
  ] as [number, number][]),
];

promise(
  'R4',
  'Each gRPC code has its HTTP status; the message and the code are in the answer.',
  (express) => {
    test.each(STATUS_OF_CODE)('the code %i: %i', async (code, status) => {
      const Get = (_call: any, callback: any) => callback(grpcError(code, 'told'));
      const { post, items } = await startShop({ Get }, { express });
      const details = {
        grpcCode: code,
        description: 'told',
        title: expect.stringMatching(/^[A-Z_]+$/),
      };
      const error = { status, code: 'GATEWAY_REQUEST_ERROR', message: 'told', details };
      expect(await post('items/get')).toMatchObject({ status, json: error });
      expect((await failureOf(items.get!())).error).toMatchObject(error);
    });
  },
);

promise(
  'R4',
  'Without params the args are the body, a missing body is an empty message, and a client stream needs a callback.',
  (express) => {
    test('bodies', async () => {
      const { method, calls } = recordingMethod({ itemId: 'a' });
      const bare = { ...shopActions.get, params: () => ({}) };
      const { post, items } = await startShop({ Get: method }, { express, actions: { bare } });
      await post('items/get', { itemId: 'x' });
      await post('items/bare', { itemId: 'x' });
      await items.get!();
      expect(calls.map(({ request }) => request.itemId)).toEqual(['x', '', '']);
    });

    test('a client stream without callback', async () => {
      const { items } = await startShop({}, { express });
      expect((await failureOf(items.collect!())).error).toMatchObject({
        status: 400,
        code: 'ACTION_CALLBACK_REQUIRED',
      });
    });
  },
);

const folder = () =>
  writeFiles({
    'broken.proto': 'syntax = "proto3"; message {',
    'importing.proto': 'syntax = "proto3"; package shop; import "nowhere/lost.proto";',
    'untyped.proto': 'syntax = "proto3"; package shop; service Items { rpc Get(Q) returns (Q); }',
  });

const unbuildable: [string, object, string][] = [
  ['a proto file that is not there', { protoPath: 'lost.proto' }, 'lost.proto'],
  ['a proto file that does not parse', { protoPath: 'broken.proto' }, 'broken.proto'],
  ['an import that is not there', { protoPath: 'importing.proto' }, 'nowhere/lost.proto'],
  ['a message that is not there', { protoPath: 'untyped.proto' }, 'Q'],
  ['a service that is not there', { protoKey: 'shop.Lost' }, 'shop.Lost'],
  ['a message in place of a service', { protoKey: 'shop.Item' }, 'shop.Item'],
  ['a method of another kind', { type: 'bidi' }, 'shop.Items.Get'],
  ['a lost method under strict', { action: 'Lost' }, 'Lost'],
];

promiseOnce(
  'R4',
  'A proto file, import, type or service that is missing, and a method of another kind than the action, fail the build, which names it and the action.',
  () => {
    test.each(unbuildable)('%s', (_what, definition, named) => {
      const actions = { run: { ...shopActions.get, ...definition } };
      const schema = { billing: { items: { endpoints: '127.0.0.1:1', actions } } };
      const config = { includeProtoRoots: [folder(), PROTO_ROOT], strict: true };
      const build = () => getGatewayControllers(schema as never, config);
      expect(build).toThrow(/billing\.items\.run/);
      expect(build).toThrow(named);
    });
  },
);
