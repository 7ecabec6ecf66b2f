import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import type {
  sendUnaryData,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { SLOW_MS, toPiece, toPieces } from './ask';
import type { Ask, Piece } from './ask';

interface Pieces {
  pieces: Piece[];
}

/** Ids whose first attempt has failed. */
type Failed = Set<string>;

const MAX_FAILED = 10_000;

/** Runs `answer` now, later or never, or fails with a code in its place. */
function obey(ask: Ask, failed: Failed, on: { answer: () => void; fail: (error: object) => void }) {
  const { id, fault, variant } = ask;
  if (fault === 'hang') return;
  if (fault === 'slow') return void setTimeout(on.answer, SLOW_MS);
  if (fault === 'status') return on.fail({ code: 1 + (variant % 16), details: 'As was asked' });
  if (fault === 'once' && !failed.delete(id)) {
    if (failed.size < MAX_FAILED) failed.add(id);
    return on.fail({ code: 14, details: 'The first time' });
  }
  on.answer();
}

function createImplementation(failed: Failed) {
  return {
    Get({ request }: ServerUnaryCall<Ask, Pieces>, done: sendUnaryData<Pieces>) {
      const answer = () => done(null, { pieces: toPieces(request) });
      obey(request, failed, { answer, fail: (error) => done(error) });
    },
    Watch(call: ServerWritableStream<Ask, Piece>) {
      const { request } = call;
      const answer = () => {
        for (const piece of toPieces(request)) call.write(piece);
        call.end();
      };
      obey(request, failed, { answer, fail: (error) => call.emit('error', error) });
    },
    Collect(call: ServerReadableStream<Ask, Pieces>, done: sendUnaryData<Pieces>) {
      const asks: Ask[] = [];
      call.on('error', () => undefined);
      call.on('data', (ask: Ask) => void asks.push(ask));
      call.on('end', () => {
        const [first] = asks;
        if (!first) return;
        const pieces = asks.map(({ id, size }, number) => toPiece(id, number, size));
        const answer = () => done(null, { pieces });
        obey(first, failed, { answer, fail: (error) => done(error) });
      });
    },
    Chat(call: ServerDuplexStream<Ask, Piece>) {
      let number = 0;
      let ready: Promise<void> | undefined;
      call.on('error', () => undefined);
      call.on('data', (ask: Ask) => {
        const { id, size } = ask;
        const piece = toPiece(id, number++, size);
        ready ??= new Promise((answer) => {
          obey(ask, failed, { answer, fail: (error) => call.emit('error', error) });
        });
        void ready.then(() => call.write(piece));
      });
      call.on('end', () => void ready?.then(() => call.end()));
    },
  };
}

/** A gRPC server that describes itself. */
export async function startGrpc(port: number): Promise<Server> {
  const definition = loadSync(join(__dirname, 'soak.proto'), { keepCase: true });
  const { Soak } = loadPackageDefinition(definition)['soak'] as unknown as {
    Soak: ServiceClientConstructor;
  };
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(Soak.service, createImplementation(new Set()));
  new ReflectionService(definition).addToServer(server);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return server;
}
