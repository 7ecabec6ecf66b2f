import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import { makeCertificates } from '../../servers/make-certificates';
import {
  grpcActionAt,
  recordingMethod,
  SHOP_GET,
  WITH_PROTOS,
} from '../../servers/start-grpc-action';
import { startGateway } from '../../servers/start-gateway';
import { startGrpcUpstream } from '../../servers/start-grpc-upstream';

const made = makeCertificates();
const { ca, client, otherClient, server, stranger } = made;
const trust = { caCertificatePath: ca };
const identity = { clientCertificatePath: client.cert, clientKeyPath: client.key };
const both = made.write(
  'both.pem',
  [client.cert, client.key].map((path) => readFileSync(path)).join('\n'),
);
const distrust = { caCertificatePath: stranger.cert };

type Kind = 'plaintext' | 'TLS' | 'mTLS';

async function startServer(kind: Kind, Get: any = recordingMethod().method) {
  const pair = { private_key: readFileSync(server.key), cert_chain: readFileSync(server.cert) };
  const credentials =
    kind === 'plaintext'
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(readFileSync(ca), [pair], kind === 'mTLS');
  const { address } = await startGrpcUpstream({ Get }, { credentials });
  return address;
}

interface Levels {
  endpoint?: object;
  action?: object;
  config?: object;
}

async function call(kind: Kind, { endpoint = {}, action = {}, config = {} }: Levels) {
  const endpoints = { path: await startServer(kind), ...endpoint };
  const { post } = await grpcActionAt(endpoints, { timeout: 5000, ...action }, config);
  return post();
}

test.each<[string, Kind, Levels]>([
  ['paths of the endpoint', 'TLS', { endpoint: trust }],
  ['paths of the action', 'TLS', { action: trust }],
  ['paths of the config', 'TLS', { config: trust }],
  ['insecure of the endpoint', 'plaintext', { endpoint: { insecure: true } }],
  ['insecure of the action', 'plaintext', { action: { insecure: true } }],
  ['an identity of the endpoint', 'mTLS', { endpoint: { ...trust, ...identity } }],
  ['an identity of the action', 'mTLS', { action: { ...trust, ...identity } }],
  [
    'one file with certificate and key',
    'mTLS',
    { action: { ...trust, clientCertificatePath: both, clientKeyPath: both } },
  ],
  ['an identity of the config', 'mTLS', { config: { ...trust, ...identity } }],
])('T3 %s are effective alone, over %s', async (_name, kind, levels) => {
  expect(await call(kind, levels)).toMatchObject({ status: 200 });
});

test.each<[string, Kind, Levels]>([
  [
    "the endpoint's paths before the action's and the config's",
    'TLS',
    { endpoint: trust, action: distrust, config: distrust },
  ],
  [
    "the endpoint's paths before insecure of the action",
    'TLS',
    { endpoint: trust, action: { insecure: true } },
  ],
  ["the action's paths before the config's", 'TLS', { action: trust, config: distrust }],
  [
    "the action's paths before insecure of the endpoint",
    'TLS',
    { endpoint: { insecure: true }, action: trust },
  ],
  [
    "insecure before the config's paths",
    'plaintext',
    { endpoint: { insecure: true }, config: trust },
  ],
  [
    'insecure before secureWithoutRootCert',
    'plaintext',
    { endpoint: { secureWithoutRootCert: true }, action: { insecure: true } },
  ],
  [
    "pieces that the endpoint lacks from the action's",
    'mTLS',
    { endpoint: trust, action: identity },
  ],
  [
    'null as unset',
    'TLS',
    { endpoint: { caCertificatePath: null }, action: { caCertificatePath: null }, config: trust },
  ],
])('credentials take %s', async (_name, kind, levels) => {
  expect(await call(kind, levels)).toMatchObject({ status: 200 });
});

test.each<[string, Kind, Levels]>([
  ['a TLS client of a plaintext server', 'plaintext', { action: trust }],
  ['a plaintext client of a TLS server', 'TLS', { endpoint: { insecure: true } }],
  ['system roots, which do not know the authority', 'TLS', {}],
  [
    'secureWithoutRootCert of the endpoint before the config',
    'TLS',
    { endpoint: { secureWithoutRootCert: true }, config: trust },
  ],
  [
    'secureWithoutRootCert of the action before the config',
    'TLS',
    { action: { secureWithoutRootCert: true }, config: trust },
  ],
  ["another authority's roots", 'TLS', { endpoint: distrust, action: trust }],
  ['no identity where one is wanted', 'mTLS', { endpoint: trust }],
  [
    'an identity of another authority',
    'mTLS',
    { endpoint: { ...trust, clientCertificatePath: stranger.cert, clientKeyPath: stranger.key } },
  ],
])('X3 %s is a coded 503 that names no inner address', async (_name, kind, levels) => {
  const answer = await call(kind, levels);
  expect(answer).toMatchObject({
    status: 503,
    json: { code: 'GATEWAY_REQUEST_ERROR', details: { grpcCode: 14 } },
  });
  expect(answer.text).not.toMatch(/127\.0\.0\.1|certificate|authority|SSL|\.crt/);
});

test('the name of the server is checked', async () => {
  const other = 'grpc.ssl_target_name_override';
  const levels = { endpoint: { ...trust, grpcOptions: { [other]: 'example.org' } } };
  expect(await call('TLS', levels)).toMatchObject({ status: 503 });
});

test('T1 actions of one endpoint never share a connection between identities', async () => {
  const Get = (call: any, callback: any) => {
    const { subject } = call.getAuthContext().sslPeerCertificate;
    callback(null, { itemId: subject.CN });
  };
  const endpoints = { path: await startServer('mTLS', Get) };
  const identityOf = ({ cert, key }: typeof client) => {
    return { ...SHOP_GET, ...trust, clientCertificatePath: cert, clientKeyPath: key };
  };
  const actions = {
    one: identityOf(client),
    other: identityOf(otherClient),
    plain: { ...SHOP_GET, insecure: true },
  };
  const gateway = await startGateway({ root: { items: { endpoints, actions } } }, WITH_PROTOS);
  for (let round = 0; round < 2; round++) {
    expect((await gateway.post('items/one')).json.itemId).toBe('client');
    expect((await gateway.post('items/other')).json.itemId).toBe('other-client');
    expect(await gateway.post('items/plain')).toMatchObject({ status: 503 });
  }
});
