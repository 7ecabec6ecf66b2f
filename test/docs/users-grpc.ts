import { join } from 'node:path';
import { loadPackageDefinition, Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceClientConstructor, UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

const files = ['users.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'];
const includeDirs = [__dirname, join(__dirname, '..', '..', 'protos')];
const definition = loadSync(files, { includeDirs, enums: String, longs: String });

const ADA = {
  userId: '1',
  name: 'Ada',
  role: 'ADMIN',
  visits: '9007199254740993',
  createdAt: { seconds: '1735689600', nanos: 0 },
  email: 'ada@example.org',
};

function encode(name: string, message: object): Buffer {
  return (definition[name] as MessageTypeDefinition<object, object>).serialize(message);
}

function noSuchUser() {
  const reason = { reason: 'NO_SUCH_USER', domain: 'users.example.org' };
  const value = encode('google.rpc.ErrorInfo', reason);
  const details = [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value }];
  const metadata = new Metadata();
  const status = { code: 5, message: 'No such user', details };
  metadata.set('grpc-status-details-bin', encode('google.rpc.Status', status));
  return { code: 5, details: 'No such user', metadata };
}

const implementation: UntypedServiceImplementation = {
  get({ request }: any, done: any) {
    if (request.userId !== ADA.userId) return done(noSuchUser());
    const trailer = new Metadata();
    trailer.set('x-total-count', '2');
    done(null, ADA, trailer);
  },
  watch(call: any) {
    for (let number = 1; number <= call.request.count; number++) {
      call.write({ userId: String(number), name: 'Ada' });
    }
    // Without a count it goes on until it is cancelled.
    if (call.request.count > 0) call.end();
    else call.write(ADA);
  },
  import(call: any, done: any) {
    let count = 0;
    call.on('data', () => count++).on('end', () => done(null, { count }));
  },
  chat(call: any) {
    call.on('data', (user: { name: string }) => call.write({ name: `Hello ${user.name}` }));
    call.on('end', () => call.end());
  },
};

/** The gRPC service on localhost:50051 that the programs of README.md and docs/ call. */
export async function listenUsersGrpc(port: number) {
  const { Users } = loadPackageDefinition(definition)['users'] as unknown as {
    Users: ServiceClientConstructor;
  };
  const server = new Server();
  server.addService(Users.service, implementation);
  // What it says of itself has the names of the file.
  const described = loadSync('users.proto', { includeDirs, keepCase: true });
  new ReflectionService(described).addToServer(server);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    );
  });
  return { port: bound, close: () => Promise.resolve(server.forceShutdown()) };
}
