import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { GrpcReflection } from '../../../../lib';
import { closeAfterTest } from '../../../servers/closing';
import { makeCertificates } from '../../../servers/make-certificates';
import { grpcActionAt } from '../../../servers/start-grpc-action';
import { BUNDLED_PROTOS, PROTO_ROOT } from '../../../servers/start-grpc-upstream';

/** The shop with the reflection service of the grpc-js project, which speaks v1 and v1alpha. */
async function startStockServer(credentials = ServerCredentials.createInsecure()) {
  const definition = loadSync(join(PROTO_ROOT, 'shop.proto'), {
    keepCase: true,
    longs: String,
    enums: String,
    oneofs: true,
    includeDirs: [PROTO_ROOT, BUNDLED_PROTOS],
  });
  const { shop } = loadPackageDefinition(definition) as unknown as {
    shop: { Items: ServiceClientConstructor };
  };
  const received: object[] = [];
  const server = new Server();
  server.addService(shop.Items.service, {
    Echo: (call: { request: object }, callback: (error: null, item: object) => void) => {
      received.push(call.request);
      callback(null, call.request);
    },
  });
  new ReflectionService(definition).addToServer(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  closeAfterTest(() => Promise.resolve(server.forceShutdown()));
  return { address: `127.0.0.1:${port}`, received };
}

const item = {
  itemId: '5',
  stockCount: '9007199254740993',
  color: 'GREEN',
  tags: ['a', 'b'],
  prices: { small: 1, large: 2 },
  createdAt: { seconds: '1', nanos: 2 },
  note: '',
  teamId: 't',
  parent: { itemId: '4' },
  isActive: true,
};
const certificates = makeCertificates();
const ECHO = { action: 'Echo', protoPath: undefined };

test.each([GrpcReflection.OnFirstRequest, GrpcReflection.OnEveryRequest])(
  'the reflection service of grpc-js describes what is called, %s',
  async (reflection) => {
    const { address, received } = await startStockServer();
    const endpoint = { path: address, insecure: true };
    const { call } = await grpcActionAt(endpoint, { ...ECHO, reflection } as object);
    const { responseData } = await call({ args: item });
    const { call: callByFile } = await grpcActionAt(endpoint, { action: 'Echo' });
    expect(responseData).toEqual((await callByFile({ args: item })).responseData);
    expect(responseData).toMatchObject({ ...item, parent: { itemId: '4' } });
    expect(received[1]).toEqual(received[0]);
  },
);

test('T3 reflection uses the credentials of the call', async () => {
  const { ca, server, client } = certificates;
  const pair = { private_key: readFileSync(server.key), cert_chain: readFileSync(server.cert) };
  const identity = ServerCredentials.createSsl(readFileSync(ca), [pair], true);
  const { address } = await startStockServer(identity);
  const reflected = { ...ECHO, reflection: GrpcReflection.OnFirstRequest } as object;
  const secure = {
    path: address.replace('127.0.0.1', 'localhost'),
    caCertificatePath: ca,
    clientCertificatePath: client.cert,
    clientKeyPath: client.key,
  };
  const { call } = await grpcActionAt(secure, reflected);
  await expect(call({ args: item })).resolves.toMatchObject({ responseData: { itemId: '5' } });
  const { call: callPlain } = await grpcActionAt({ path: secure.path, insecure: true }, reflected);
  await expect(callPlain({ args: item })).rejects.toMatchObject({
    error: { status: 503, code: 'GRPC_REFLECTION_FAILED' },
  });
});
