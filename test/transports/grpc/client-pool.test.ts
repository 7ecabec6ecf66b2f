import { InterceptingCall } from '@grpc/grpc-js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { closeAfterTest } from '../../servers/closing';
import { eventually } from '../../servers/eventually';
import { selfSigned } from '../../servers/self-signed';
import { startGateway } from '../../servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../servers/start-grpc-upstream';
import { failureOf } from '../../servers/start-rest-action';
import { listen, startRawUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';
import { shopActions } from './start-shop';

watchProcess();

const { get, watch } = shopActions;
const config = { includeProtoRoots: [PROTO_ROOT] };

/** One service of the gateway for each endpoint; `call` goes to the first, second ... of them. */
async function startServices(endpoints: object[], options: object = {}) {
  const services = endpoints.map((endpoint, index) => {
    return [`s${index}`, { endpoints: endpoint, actions: { get, again: get, watch } }];
  });
  const schema = { root: Object.fromEntries(services) };
  const gateway = await startGateway(schema as never, { ...config, ...options });
  const { api } = gateway as any;
  return {
    ...gateway,
    call: async (index: number, action = 'get') => {
      const { responseData } = await api[`s${index}`][action]({ timeout: 5000 });
      return responseData?.itemId;
    },
  };
}

/** Answers with the port of the client's end of the connection. */
const Get = (call: any, callback: any) =>
  callback(null, { itemId: String(call.getPeer()).split(':').at(-1) });

test('L3 all calls and actions of a service share one connection', async () => {
  const { address } = await startGrpcUpstream({ Get });
  const { call } = await startServices([{ path: address, insecure: true }]);
  const first = await call(0);
  const others = Array.from({ length: 50 }, (_, i) => call(0, i % 2 ? 'get' : 'again'));
  expect(new Set(await Promise.all(others))).toEqual(new Set([first]));
});

const interceptor = () => (options: any, next: any) => new InterceptingCall(next(options));

test.each([
  ['equal options', { 'grpc.primary_user_agent': 'a' }, { 'grpc.primary_user_agent': 'a' }, 1],
  ['other options', { 'grpc.primary_user_agent': 'a' }, { 'grpc.primary_user_agent': 'b' }, 2],
  ['options in another order', { 'grpc.a': 1, 'grpc.b': 2 }, { 'grpc.b': 2, 'grpc.a': 1 }, 1],
  ['a number and its text', { 'grpc.a': 1 }, { 'grpc.a': '1' }, 2],
  [
    'functions of one text',
    { interceptors: [interceptor()] },
    { interceptors: [interceptor()] },
    2,
  ],
])('T1 two endpoints with %s', async (_what, first, second, connections) => {
  const { address: path } = await startGrpcUpstream({ Get });
  const { call } = await startServices([
    { path, insecure: true, grpcOptions: first },
    { path, insecure: true, grpcOptions: second },
  ]);
  expect(new Set([await call(0), await call(1)]).size).toBe(connections);
});

test('T1 two gateways, or two scopes, never share a connection', async () => {
  const { address } = await startGrpcUpstream({ Get });
  const endpoints = { path: address, insecure: true };
  const schema = {
    a: { s: { endpoints, actions: { get } } },
    b: { s: { endpoints, actions: { get } } },
  };
  const gateways = await Promise.all([1, 2].map(() => startGateway(schema as never, config)));
  const ports = gateways.flatMap(({ api }: any) => [api.a.s.get(), api.b.s.get()]);
  const answers = await Promise.all(ports);
  expect(new Set(answers.map(({ responseData }) => responseData.itemId)).size).toBe(4);
});

test('T1 a connection for TLS is never used for plaintext, or the other way round', async () => {
  const heads = new Map<number, string>();
  const raw = await startRawUpstream((socket) => {
    socket.once('data', (bytes) => {
      heads.set(socket.remotePort ?? 0, bytes[0] === 0x16 ? 'tls' : bytes.toString('latin1', 0, 3));
    });
  });
  const path = `localhost:${raw.port}`;
  const { call } = await startServices([{ path, insecure: true }, { path }]);
  const calls = [0, 1, 0, 1].map((index) => failureOf(call(index)));
  await eventually(() => heads.size >= 2);
  raw.sockets.forEach((socket) => socket.destroy());
  await Promise.all(calls);
  expect(new Set(heads.values())).toEqual(new Set(['tls', 'PRI']));
});

test('T1 identities never share a connection', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'));
  closeAfterTest(() => Promise.resolve(rmSync(folder, { recursive: true })));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(cert, selfSigned.cert);
  writeFileSync(key, selfSigned.key);

  const seen: unknown[] = [];
  const server = createSecureServer({
    ...selfSigned,
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on('stream', (stream) => {
    const { subject } = (stream.session?.socket as TLSSocket).getPeerCertificate();
    seen.push(subject ? subject.CN : 'nobody');
    stream.respond({ ':status': 200, 'grpc-status': '5' }, { endStream: true });
  });
  const { port } = await listen(server);
  const path = `localhost:${port}`;
  const withCa = { path, caCertificatePath: cert };
  const withIdentity = { ...withCa, clientCertificatePath: cert, clientKeyPath: key };
  const { call } = await startServices([withCa, withIdentity]);
  for (const index of [0, 1, 0, 1]) {
    expect((await failureOf(call(index))).error.details.grpcCode).toBe(5);
  }
  expect(seen).toEqual(['nobody', 'localhost', 'nobody', 'localhost']);
});

test('an endpoint function may choose another server for each call', async () => {
  const upstreams = await Promise.all([startGrpcUpstream({ Get }), startGrpcUpstream({ Get })]);
  const endpoint = (_endpoints: unknown, { index }: any) => ({
    path: upstreams[index]!.address,
    insecure: true,
  });
  const actions = { get: { ...get, endpoint, params: () => ({}) } };
  const { api } = await startGateway({ root: { s: { actions } } } as never, config);
  const portOf = async (index: number) =>
    (await (api as any).s.get({ args: { index } })).responseData.itemId;
  const [a, b] = [await portOf(0), await portOf(1)];
  expect(a).not.toBe(b);
  expect([await portOf(0), await portOf(1)]).toEqual([a, b]);
});

test.each([
  ['not used by default', {}, 0],
  ['used with proxyFromEnv', { proxyFromEnv: true }, 1],
])('P6 a proxy that the environment names is %s', async (_what, options, tunnels) => {
  const { address, port } = await startGrpcUpstream({ Get });
  let count = 0;
  const proxy = createServer().on('connect', (_request, socket) => {
    count++;
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const far = connect(port, '127.0.0.1');
    socket.pipe(far).pipe(socket);
    socket.on('close', () => far.destroy());
  });
  const { port: proxyPort } = await listen(proxy);
  const before = { ...process.env };
  closeAfterTest(() => Promise.resolve(void (process.env = before)));
  process.env = { ...before, grpc_proxy: `http://127.0.0.1:${proxyPort}`, no_grpc_proxy: '' };
  const { call } = await startServices([{ path: address, insecure: true }], options);
  expect(await call(0)).toMatch(/^\d+$/);
  expect(count).toBe(tunnels);
});
