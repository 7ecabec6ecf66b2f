import { join, relative } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { getGatewayControllers } from '../../../lib';
import type { GatewayConfig } from '../../../lib';
import { closeAfterTest } from '../../servers/closing';
import { buildEcho, messageProto, proto, writeFiles } from './echo-protos';

/** Echoes the bytes of every call, whatever the service. */
async function startEcho(protoKey: string): Promise<string> {
  const asIs = (bytes: Buffer) => bytes;
  const server = new Server();
  const method = { path: `/${protoKey}/Send`, requestStream: false, responseStream: false };
  const codecs = { requestSerialize: asIs, requestDeserialize: asIs };
  const Send = { ...method, ...codecs, responseSerialize: asIs, responseDeserialize: asIs };
  server.addService({ Send }, { Send: (call: any, callback: any) => callback(null, call.request) });
  const port = await new Promise<number>((resolve, reject) => {
    const done = (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), done);
  });
  closeAfterTest(() => Promise.resolve(server.forceShutdown()));
  return `127.0.0.1:${port}`;
}

async function echo(protoPath: string, protoKey: string, config: GatewayConfig, args: object) {
  const { api } = buildEcho(protoPath, protoKey, config, await startEcho(protoKey));
  const { responseData } = await (api as any).echo.send({ args });
  return responseData;
}

test.each([
  ['under an import root', ['types/message.proto'], ['.']],
  ['under a second import root', ['message.proto'], ['main', 'types']],
  ['beside the importing file, under no import root', ['near.proto'], []],
  ['relative to the importing file', ['../types/message.proto'], []],
])('an import is found %s', async (_name, imports, roots) => {
  const folder = writeFiles({
    'main/echo.proto': proto('shop', imports),
    'main/near.proto': messageProto('shop'),
    'types/message.proto': messageProto('shop'),
  });
  const config = { includeProtoRoots: roots.map((root) => join(folder, root)) };
  const answer = await echo(join(folder, 'main', 'echo.proto'), 'shop.Echo', config, {
    textField: 'x',
  });
  expect(answer).toEqual({ textField: 'x' });
});

test.each([
  ['an import root', (folder: string) => ['echo.proto', [folder]] as const],
  [
    'the working folder',
    (folder: string) => [relative(process.cwd(), join(folder, 'echo.proto')), []] as const,
  ],
])('a protoPath is looked for under %s', async (_name, where) => {
  const folder = writeFiles({
    'echo.proto': proto('shop', ['message.proto']),
    'message.proto': messageProto('shop'),
  });
  const [protoPath, includeProtoRoots] = where(folder);
  const config = { includeProtoRoots: [...includeProtoRoots] };
  expect(await echo(protoPath, 'shop.Echo', config, { textField: 'x' })).toEqual({
    textField: 'x',
  });
});

test('of two import roots with a file of the same path the first one counts', async () => {
  const folder = writeFiles({
    'echo.proto': proto('shop', ['same/message.proto']),
    'one/same/message.proto': messageProto('shop', 'string one = 1;'),
    'two/same/message.proto': messageProto('shop', 'string two = 1;'),
  });
  const roots = ['one', 'two'].map((root) => join(folder, root));
  const send = (includeProtoRoots: string[]) =>
    echo(join(folder, 'echo.proto'), 'shop.Echo', { includeProtoRoots }, { one: 'x', two: 'x' });
  expect(await send(roots)).toEqual({ one: 'x' });
  expect(await send(roots.reverse())).toEqual({ two: 'x' });
});

test('a file reached by several paths is read once', async () => {
  const folder = writeFiles({
    'a/echo.proto': proto('shop', [
      'a/message.proto',
      'message.proto',
      '../a/message.proto',
      'b.proto',
    ]),
    'a/message.proto': messageProto('shop'),
    'a/b.proto': 'syntax = "proto3"; import "a/echo.proto"; import weak "gone.proto";',
  });
  const config = { includeProtoRoots: [folder] };
  expect(await echo('a/echo.proto', 'shop.Echo', config, { textField: 'x' })).toEqual({
    textField: 'x',
  });
});

test('what is imported publicly is there for the importing file', async () => {
  const folder = writeFiles({
    'echo.proto': proto('shop', ['all.proto']),
    'all.proto': 'syntax = "proto3"; import public "message.proto";',
    'message.proto': messageProto('shop'),
  });
  const config = { includeProtoRoots: [folder] };
  expect(await echo('echo.proto', 'shop.Echo', config, {})).toEqual({ textField: '' });
});

test.each([
  [
    'google/protobuf/any.proto',
    'google.protobuf.Any',
    { type_url: 'a/b', value: Buffer.from('x') },
  ],
  [
    'google/protobuf/struct.proto',
    'google.protobuf.Value',
    { kind: 'stringValue', stringValue: 'x' },
  ],
  ['google/protobuf/timestamp.proto', 'google.protobuf.Timestamp', { seconds: '1', nanos: 2 }],
  ['google/protobuf/wrappers.proto', 'google.protobuf.Int64Value', { value: '7' }],
  ['google/type/money.proto', 'google.type.Money', { currencyCode: 'EUR', units: '1', nanos: 0 }],
  ['google/rpc/status.proto', 'google.rpc.Status', { code: 5, message: 'x', details: [] }],
  ['google/api/http.proto', 'google.api.CustomHttpPattern', { kind: 'GET', path: '/' }],
])('%s ships with the package', async (path, type, message) => {
  const folder = writeFiles({ 'echo.proto': proto('shop', [path], type) });
  const config = { includeProtoRoots: [folder] };
  expect(await echo('echo.proto', 'shop.Echo', config, message)).toEqual(message);
});

test('own copies of google files, wherever they lie, do not clash with those of the package', async () => {
  const folder = writeFiles({
    'echo.proto': proto('shop', ['vendor/google/rpc/status.proto'], 'google.rpc.Status'),
    'vendor/google/rpc/status.proto': `syntax = "proto3"; package google.rpc;
      import "vendor/google/protobuf/any.proto";
      message Status { int32 code = 1; repeated google.protobuf.Any details = 3; string own = 9; }`,
    'vendor/google/protobuf/any.proto': `syntax = "proto3"; package google.protobuf;
      message Any { string type_url = 1; bytes value = 2; }`,
  });
  const config = { includeProtoRoots: [folder] };
  expect(await echo('echo.proto', 'shop.Echo', config, { own: 'x' })).toEqual({
    code: 0,
    details: [],
    own: 'x',
  });
});

test.each([
  ['one scope', (v1: object, v2: object) => ({ root: { v1, v2 } })],
  ['two scopes', (v1: object, v2: object) => ({ a: { v1 }, b: { v2 } })],
])(
  'files with the same package, messages and service stand side by side in %s',
  async (_n, place) => {
    const folder = writeFiles({
      'v1/echo.proto': proto('shop', ['v1/message.proto']),
      'v1/message.proto': messageProto('shop', 'string one = 1;'),
      'v2/echo.proto': proto('shop', ['v2/message.proto']),
      'v2/message.proto': messageProto('shop', 'repeated int32 two = 1 [json_name = "x"];'),
    });
    const endpoints = { path: await startEcho('shop.Echo'), insecure: true };
    const service = (version: string) => ({
      endpoints,
      actions: {
        send: { protoPath: `${version}/echo.proto`, protoKey: 'shop.Echo', action: 'Send' },
      },
    });
    const schemas = place(service('v1'), service('v2'));
    const gateway = getGatewayControllers(schemas as any, { includeProtoRoots: [folder] });
    closeAfterTest(() => gateway.close({ graceMs: 0 }));
    const api = gateway.api as any;
    const v1 = api.v1 ?? api.a.v1;
    const v2 = api.v2 ?? api.b.v2;
    const answers = await Promise.all(
      [v1, v2].map(({ send }) => send({ args: { one: 'x', two: [1] } })),
    );
    expect(answers.map(({ responseData }) => responseData)).toEqual([{ one: 'x' }, { two: [1] }]);
  },
);

test('a service is found in a package of any depth', async () => {
  const rest = 'message Message { string text_field = 1; }';
  const folder = writeFiles({ 'echo.proto': proto('a.b_c.d1', [], 'Message', rest) });
  const config = { includeProtoRoots: [folder] };
  expect(await echo('echo.proto', 'a.b_c.d1.Echo', config, { textField: 'x' })).toEqual({
    textField: 'x',
  });
});
