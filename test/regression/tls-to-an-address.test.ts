import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerCredentials } from '@grpc/grpc-js';
import { makeCertificates } from '../servers/make-certificates';
import { grpcActionAt, recordingMethod } from '../servers/start-grpc-action';
import { PROTO_ROOT, startGrpcUpstream } from '../servers/start-grpc-upstream';

const { ca, server } = makeCertificates();
const root = join(__dirname, '..', '..');

async function startTls(host: string) {
  const pair = { private_key: readFileSync(server.key), cert_chain: readFileSync(server.cert) };
  const credentials = ServerCredentials.createSsl(null, [pair]);
  const { method: Get } = recordingMethod();
  return startGrpcUpstream({ Get }, { credentials, host });
}

/** Calls from a process of its own: Node warns once per process. */
async function callFrom(address: string) {
  const run = { protoKey: 'shop.Items', protoPath: 'shop.proto', action: 'Get' };
  const schema = { root: { items: { endpoints: address, actions: { run } } } };
  const config = { includeProtoRoots: [PROTO_ROOT], caCertificatePath: ca };
  const source = `
    const { getGatewayControllers } = require(${JSON.stringify(join(root, 'lib', 'index.ts'))});
    const { api, close } = getGatewayControllers(${JSON.stringify(schema)}, ${JSON.stringify(config)});
    api.items.run().then(() => console.log('answered'), ({ error }) => console.log(error)).then(close);
  `;
  const args = ['--require', 'tsx/cjs', '--eval', source];
  return promisify(execFile)(process.execPath, args, { cwd: root });
}

test('X4: TLS to an IP address causes no warning', async () => {
  const { address } = await startTls('127.0.0.1');
  expect(await callFrom(address)).toEqual({ stdout: 'answered\n', stderr: '' });
});

test('a certificate that does not name the address is refused', async () => {
  const { address } = await startTls('127.0.0.2');
  const { post } = await grpcActionAt(address, { timeout: 3000 }, { caCertificatePath: ca });
  expect((await post()).status).toBeGreaterThanOrEqual(500);
});
