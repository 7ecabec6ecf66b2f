import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getGatewayControllers } from '../../../lib';
import type { ApiServiceGrpcActionConfig, GatewayConfig } from '../../../lib';
import {
  grpcActionAt,
  recordingMethod,
  SHOP_GET,
  startGrpcAction,
  WITH_PROTOS,
} from '../../servers/start-grpc-action';

const folder = mkdtempSync(join(tmpdir(), 'protos-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), `syntax = "proto3";\n${text}`);
  return join(folder, name);
}

const service = 'service Items { rpc Get(Query) returns (Query); }';
const broken = write('broken.proto', 'message { string name = 1; }');
const importing = write('importing.proto', 'package shop;\nimport "nowhere/lost.proto";');
const untyped = write('untyped.proto', `package shop;\n${service}`);
const bare = write('bare.proto', 'package shop;\nmessage Query {}');
const small = write('small.proto', `package shop;\nmessage Query {}\n${service}`);

function build(
  definition: Partial<ApiServiceGrpcActionConfig>,
  config: GatewayConfig<any, any, any> = {},
) {
  const run = { ...SHOP_GET, ...definition };
  const schema = { billing: { items: { endpoints: '127.0.0.1:1', actions: { run } } } };
  return getGatewayControllers(schema, { ...WITH_PROTOS, ...config });
}

test.each<[string, Partial<ApiServiceGrpcActionConfig>, string]>([
  ['a proto file that is not there', { protoPath: 'lost.proto' }, 'lost.proto'],
  ['a proto file that is a folder', { protoPath: folder }, folder],
  ['a proto file that does not parse', { protoPath: broken }, 'broken.proto'],
  ['an import that is not there', { protoPath: importing }, 'nowhere/lost.proto'],
  ['a message that is not there', { protoPath: untyped }, 'Query'],
  ['a file without services', { protoPath: bare }, 'shop.Items'],
  ['a service that is not there', { protoKey: 'shop.Lost' }, 'shop.Lost'],
  ['a service without its package', { protoKey: 'Items' }, 'Items'],
  ['a message in place of a service', { protoKey: 'shop.Item' }, 'shop.Item'],
  ['a package in place of a service', { protoKey: 'shop' }, 'shop'],
  ['a service named like a prototype', { protoKey: '__proto__' }, '__proto__'],
  ['no service at all', { protoKey: '' }, 'service'],
])('G6 %s fails the build, which names it and the action', (_name, definition, expected) => {
  const place = expect.stringMatching(/^Action billing\.items\.run: /);
  expect(() => build(definition)).toThrow(
    expect.objectContaining({ code: 'INVALID_ACTION', message: place }),
  );
  expect(() => build(definition)).toThrow(expected);
});

test('an import that is not there tells the file that imports it', () => {
  expect(() => build({ protoPath: importing })).toThrow('importing.proto');
});

test.each(['serverStream', 'clientStream', 'bidi'] as const)(
  'G6 a unary method as a %s fails the build',
  (type) => {
    expect(() => build({ type })).toThrow(/billing\.items\.run.*shop\.Items\.Get/);
  },
);

test('G6 a stream method as a unary action fails the build', () => {
  expect(() => build({ action: 'Watch' })).toThrow(/billing\.items\.run.*shop\.Items\.Watch/);
});

test.each([
  ['from an import root', { protoPath: 'small.proto' }, { includeProtoRoots: [folder] }],
  ['by an absolute path', { protoPath: small }, { includeProtoRoots: [] }],
])('a proto file is found %s', (_name, definition, config) => {
  expect(() => build(definition, config)).not.toThrow();
});

const methods = [
  'Lost',
  'get',
  'close',
  'constructor',
  '__proto__',
  'toString',
  'makeUnaryRequest',
];

test.each(methods)(
  'R4 the method %s, which is not in the service, is a build warning',
  (action) => {
    const logger = { warn: jest.fn(), info: jest.fn(), error: jest.fn() };
    build({ action }, { logger: logger as never });
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(String(logger.warn.mock.calls[0])).toMatch(/billing\.items\.run.*shop\.Items/);
    expect(String(logger.warn.mock.calls[0])).toContain(action);
  },
);

test('with strict, a method that is not in the service fails the build', () => {
  expect(() => build({ action: 'Lost' }, { strict: true })).toThrow(/billing\.items\.run.*Lost/);
});

test.each(methods)('R4 called, the method %s is 400 GRPC_ACTION_NOT_FOUND', async (action) => {
  const get = recordingMethod();
  const { post } = await startGrpcAction({ Get: get.method }, { action });
  expect(await post()).toMatchObject({
    status: 400,
    json: {
      code: 'GRPC_ACTION_NOT_FOUND',
      message: `Not found action ${action} in items`,
      requestId: expect.any(String),
    },
  });
  expect(get.calls).toEqual([]);
});

test('validation, endpoint and hooks come before a method that is not there', async () => {
  const validationSchema = { type: 'object', required: ['itemId'] };
  const { post } = await grpcActionAt(
    { path: '127.0.0.1:1' },
    { action: 'Lost', validationSchema },
  );
  expect(await post()).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMS' } });
});
