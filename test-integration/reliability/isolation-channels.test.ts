import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { makeCertificates } from '../../test/servers/make-certificates';
import { startGateway } from '../../test/servers/start-gateway';
import { SHOP_GET, WITH_PROTOS } from '../../test/servers/start-grpc-action';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { frame, sendGrpc, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';

checkLeaks();

const { ca, client, otherClient, server, write } = makeCertificates();
const trust = { caCertificatePath: ca };
const insecure = { insecure: true };
const identityOf = ({ cert, key }: typeof client) => {
  return { ...trust, clientCertificatePath: cert, clientKeyPath: key };
};
const copyOf = (path: string, name: string) => write(name, readFileSync(path, 'utf8'));
const copied = {
  cert: copyOf(client.cert, 'copy.crt'),
  key: copyOf(client.key, 'copy.key'),
};
const NAMES_GET = {
  ...SHOP_GET,
  protoKey: 'tenant.Names',
  protoPath: join(PROTO_ROOT, 'tenants', 'a', 'tenant.proto'),
};

type Mode = 'plaintext' | 'TLS' | 'mTLS';

/** Answers with the port of the client's end of the connection, and with who the client is. */
function Get(call: any, callback: any): void {
  const { subject } = call.getAuthContext().sslPeerCertificate ?? {};
  callback(null, { itemId: call.getPeer().split(':').at(-1), note: subject?.CN ?? 'nobody' });
}

async function startServer(mode: Mode) {
  const pair = { private_key: readFileSync(server.key), cert_chain: readFileSync(server.cert) };
  const credentials =
    mode === 'plaintext'
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(readFileSync(ca), [pair], mode === 'mTLS');
  return startGrpcUpstream({ Get }, { credentials });
}

/** One action for each endpoint, asked in turns: the connections they used, and who they were there. */
async function ask(endpoints: object[]) {
  const definitions = endpoints.map((endpoint, index): [string, object] => {
    return [`run${index}`, { ...SHOP_GET, endpoint: () => endpoint }];
  });
  const s = { actions: Object.fromEntries(definitions) };
  const { post } = await startGateway({ root: { s } } as never, WITH_PROTOS);
  const seen: { itemId: string; note: string }[][] = endpoints.map(() => []);
  for (const _round of [1, 2, 3]) {
    for (const [index, [name]] of definitions.entries()) {
      const { status, json } = await post(`s/${name}`);
      seen[index]!.push(status === 200 ? json : { itemId: `refused ${index}`, note: 'refused' });
    }
  }
  return {
    ports: seen.map((answers) => [...new Set(answers.map(({ itemId }) => itemId))]),
    names: seen.map((answers) => [...new Set(answers.map(({ note }) => note))].join()),
  };
}

const option = (value: unknown) => ({ grpcOptions: { 'grpc.primary_user_agent': value } });

promiseOnce('T1', 'Calls to one endpoint in the same way share one connection.', () => {
  test.each<[string, Mode, object, object]>([
    ['the same endpoint', 'plaintext', insecure, insecure],
    [
      'the same options',
      'plaintext',
      { ...insecure, ...option('a') },
      { ...insecure, ...option('a') },
    ],
    [
      'options in another order',
      'plaintext',
      { ...insecure, grpcOptions: { 'grpc.a': 1, 'grpc.b': 2 } },
      { ...insecure, grpcOptions: { 'grpc.b': 2, 'grpc.a': 1 } },
    ],
    ['the same authority', 'TLS', trust, trust],
    ['the same identity', 'mTLS', identityOf(client), identityOf(client)],
  ])('%s, %s', async (_name, mode, first, second) => {
    const { address: path } = await startServer(mode);
    const { ports } = await ask([
      { path, ...first },
      { path, ...second },
    ]);
    expect(ports).toEqual([[expect.stringMatching(/^\d+$/)], ports[0]]);
  });
});

promiseOnce(
  'T1',
  'Calls that differ in endpoint, credentials, effective options or service never share a connection.',
  () => {
    test.each<[string, Mode, object, object]>([
      ['options', 'plaintext', { ...insecure, ...option('a') }, { ...insecure, ...option('b') }],
      ['options, one has none', 'plaintext', { ...insecure, ...option('a') }, insecure],
      [
        'the type of an option',
        'plaintext',
        { ...insecure, grpcOptions: { 'grpc.a': 1 } },
        { ...insecure, grpcOptions: { 'grpc.a': '1' } },
      ],
      ['an identity and none', 'TLS', identityOf(client), trust],
      ['identities', 'mTLS', identityOf(client), identityOf(otherClient)],
      ['roots', 'TLS', trust, { caCertificatePath: server.cert }],
    ])('%s, %s', async (_name, mode, first, second) => {
      const { address: path } = await startServer(mode);
      const { ports } = await ask([
        { path, ...first },
        { path, ...second },
      ]);
      expect(ports.map(({ length }) => length)).toEqual([1, 1]);
      expect(ports[0]).not.toEqual(ports[1]);
    });

    test('two services of one server', async () => {
      const answer = { chunks: [frame(Buffer.alloc(0))] };
      const upstream = await startHttp2Upstream((stream) => sendGrpc(stream, answer));
      const endpoints = { path: upstream.address, ...insecure };
      const actions = { items: SHOP_GET, names: NAMES_GET };
      const { post } = await startGateway({ root: { s: { endpoints, actions } } }, WITH_PROTOS);
      for (const name of ['items', 'names', 'items', 'names']) {
        expect(await post(`s/${name}`)).toMatchObject({ status: 200 });
      }
      expect(upstream.sockets.size).toBe(2);
    });

    test('two names of one server', async () => {
      const { address, port } = await startServer('plaintext');
      const { ports } = await ask([
        { path: address, ...insecure },
        { path: `dns:///127.0.0.1:${port}`, ...insecure },
      ]);
      expect(new Set(ports.flat()).size).toBe(2);
    });
  },
);

promiseOnce(
  'T1',
  'A connection is never shared between TLS and plaintext, or between two identities.',
  () => {
    test.each<[Mode, string[]]>([
      ['plaintext', ['nobody', 'refused', 'refused', 'refused']],
      ['TLS', ['refused', 'nobody', 'nobody', 'nobody']],
      ['mTLS', ['refused', 'refused', 'client', 'other-client']],
    ])('a %s server sees who each call is, and refuses the others', async (mode, expected) => {
      const { address: path } = await startServer(mode);
      const levels = [insecure, trust, identityOf(client), identityOf(otherClient)];
      expect((await ask(levels.map((level) => ({ path, ...level })))).names).toEqual(expected);
    });

    test('the same certificate in other files is the same person', async () => {
      const { address: path } = await startServer('mTLS');
      const { names } = await ask([
        { path, ...identityOf(client) },
        { path, ...identityOf(copied) },
      ]);
      expect(names).toEqual(['client', 'client']);
    });
  },
);

promiseOnce(
  'T1',
  'Connections belong to one gateway: closing it ends its own, and no others.',
  () => {
    async function startTwo(service: object) {
      const schemas = { root: { s: service }, other: { s: service } } as never;
      return Promise.all([startGateway(schemas, WITH_PROTOS), startGateway(schemas, WITH_PROTOS)]);
    }

    test('over gRPC', async () => {
      const { address: path } = await startServer('plaintext');
      const actions = { run: SHOP_GET };
      const [first, second] = await startTwo({ endpoints: { path, ...insecure }, actions });
      const portOf = async ({ post }: typeof first) => (await post('s/run')).json.itemId;
      const [one, two] = [await portOf(first), await portOf(second)];
      expect(one).not.toBe(two);
      expect((await first.post('other/s/run')).json.itemId).not.toBe(one);
      await first.gateway.close();
      expect(await portOf(second)).toBe(two);
      expect(await first.post('s/run')).toMatchObject({ status: 503 });
    });

    test('over REST', async () => {
      const upstream = await startUpstream();
      const actions = { run: { method: 'GET', path: '/' } };
      const [first, second] = await startTwo({ endpoints: upstream.url, actions });
      for (const { post } of [first, second, first, second]) await post('s/run');
      expect(upstream.connectionCount).toBe(2);
      await first.gateway.close();
      expect(await second.post('s/run')).toMatchObject({ status: 200 });
      expect(upstream.connectionCount).toBe(2);
      expect(await first.post('s/run')).toMatchObject({ status: 503 });
    });
  },
);
