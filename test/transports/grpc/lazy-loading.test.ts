import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROTO_ROOT } from '../../servers/start-grpc-upstream';

const root = join(__dirname, '..', '..', '..');
const rest = { method: 'GET', path: '/a' };
const grpc = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };

/** Names of the gRPC libraries that a process of its own has loaded after building the actions. */
async function loadedFor(actions: Record<string, object>): Promise<string[]> {
  const endpoints = {
    main: { test: { endpoint: 'http://127.0.0.1:1', grpcEndpoint: '127.0.0.1:1' } },
  };
  const schema = { root: { items: { endpoints, actions } } };
  const source = `
    const { getGatewayControllers } = require(${JSON.stringify(join(root, 'lib', 'index.ts'))});
    const config = { installation: 'main', env: 'test', includeProtoRoots: [${JSON.stringify(PROTO_ROOT)}] };
    const { api } = getGatewayControllers(${JSON.stringify(schema)}, config);
    const names = Object.keys(require.cache).map((path) => path.split('\\\\').join('/'));
    const libraries = ['@grpc/grpc-js', 'protobufjs', '@grpc/proto-loader'];
    const loaded = libraries.filter((name) => names.some((path) => path.includes('/node_modules/' + name + '/')));
    api.items.run().catch(() => console.log(JSON.stringify(loaded)));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--require', 'tsx/cjs', '--eval', source],
    { cwd: root },
  );
  return JSON.parse(stdout) as string[];
}

test('P1 a gateway without gRPC actions loads neither grpc-js nor protobufjs', async () => {
  expect(await loadedFor({ run: rest })).toEqual([]);
});

test('P1 the first gRPC action loads them when the gateway is built', async () => {
  expect(await loadedFor({ run: rest, get: grpc })).toEqual(['@grpc/grpc-js', 'protobufjs']);
});
