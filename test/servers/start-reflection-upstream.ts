import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { handleUnaryCall, ServerDuplexStream } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { closeAfterTest } from './closing';

const root = protobuf.loadSync(
  join(__dirname, '..', '..', 'protos', 'grpc', 'reflection', 'v1', 'reflection.proto'),
);
const Question = root.lookupType('ServerReflectionRequest');
const Answer = root.lookupType('ServerReflectionResponse');
const ZOO_ROOT = join(__dirname, '..', 'transports', 'grpc', 'reflection', 'protos');

export type Version = 'v1' | 'v1alpha';
export type Question = { fileContainingSymbol?: string; fileByFilename?: string };
/** A response message as protobufjs takes it, or bytes as they are to be sent. */
export type Reply = object | Buffer;
type MaybePromise<T> = T | Promise<T>;
export type Stream = ServerDuplexStream<Buffer, Buffer>;

export interface ReflectionUpstreamOptions {
  /** Serialized FileDescriptorProto messages. */
  files?: () => Buffer[];
  versions?: Version[];
  /** All that a file needs in one answer, or one file for each question. */
  isTransitive?: boolean;
  /** In place of the usual answer: what is returned is sent; undefined sends nothing. */
  answer?: (question: Question, usual: () => Reply, stream: Stream) => MaybePromise<Reply | void>;
  /** By path, `/zoo.Zoo/EchoAnimal`; bytes in, bytes out. */
  methods?: Record<string, (request: Buffer) => Buffer>;
  credentials?: ServerCredentials;
  port?: number;
}

/** What a compiler makes of test/transports/grpc/reflection/protos: a FileDescriptorSet. */
export const readZooSet = () => readFileSync(join(ZOO_ROOT, 'zoo.binpb'));

/** The files of the set. */
export function readZoo(): Buffer[] {
  const set = protobuf.Reader.create(readZooSet());
  const files: Buffer[] = [];
  while (set.pos < set.len) {
    set.uint32();
    files.push(Buffer.from(set.bytes()));
  }
  return files;
}

const File = protobuf
  .parse(
    `syntax = "proto3";
     message File {
       string name = 1; string package = 2; repeated string dependency = 3;
       repeated Named message_type = 4; repeated Named service = 6;
     }
     message Named { string name = 1; }`,
  )
  .root.lookupType('File');

/** Name, imports and top-level symbols of a file. */
export function describeFile(file: Buffer) {
  const read = File.toObject(File.decode(file), { defaults: true }) as {
    name: string;
    package: string;
    dependency: string[];
    messageType: { name: string }[];
    service: { name: string }[];
  };
  const declared = [...read.messageType, ...read.service].map(
    ({ name }) => `${read.package}.${name}`,
  );
  return { name: read.name, dependency: read.dependency, symbols: declared };
}

const NOT_FOUND = { errorResponse: { errorCode: 5, errorMessage: 'not found' } };

function answerUsually(question: Question, options: ReflectionUpstreamOptions): Reply {
  const files = (options.files ?? readZoo)();
  const byName = new Map(files.map((bytes) => [describeFile(bytes).name, bytes]));
  const start = files.find((bytes) => {
    const { name, symbols } = describeFile(bytes);
    return (
      name === question.fileByFilename || symbols.includes(question.fileContainingSymbol ?? '')
    );
  });
  if (!start) return NOT_FOUND;
  const found = new Set([start]);
  for (const bytes of options.isTransitive === false ? [] : found) {
    for (const name of describeFile(bytes).dependency)
      if (byName.has(name)) found.add(byName.get(name)!);
  }
  return { fileDescriptorResponse: { fileDescriptorProto: [...found] } };
}

const asIs = (bytes: Buffer) => bytes;

/** A real gRPC server that describes itself; methods and descriptions are whatever a test wants. */
export async function startReflectionUpstream(options: ReflectionUpstreamOptions = {}) {
  const { versions = ['v1'], methods = {}, credentials, port = 0 } = options;
  const questions: (Question & { version: Version })[] = [];
  const received: { path: string; bytes: Buffer }[] = [];
  const streams = new Set<Stream>();
  const server = new Server();

  async function answer(version: Version, bytes: Buffer, stream: Stream): Promise<void> {
    const question = Question.decode(bytes).toJSON() as Question;
    questions.push({ version, ...question });
    const usual = () => answerUsually(question, options);
    const reply = options.answer ? await options.answer(question, usual, stream) : usual();
    if (!reply) return;
    const encode = () => Buffer.from(Answer.encode(Answer.fromObject(reply)).finish());
    stream.write(Buffer.isBuffer(reply) ? reply : encode());
  }

  function reflect(version: Version, stream: Stream): void {
    streams.add(stream);
    stream.on('close', () => streams.delete(stream));
    stream.on('error', () => undefined);
    let answered = Promise.resolve();
    stream.on('data', (bytes: Buffer) => {
      answered = answered.then(() => answer(version, bytes, stream));
    });
    stream.on('end', () => void answered.then(() => stream.end()));
  }

  for (const version of versions) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    server.addService(rawMethod(path, true), { raw: (stream: Stream) => reflect(version, stream) });
  }
  for (const [path, method] of Object.entries(methods)) {
    const handle: handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
      received.push({ path, bytes: request });
      callback(null, method(request));
    };
    server.addService(rawMethod(path, false), { raw: handle });
  }
  const bound = await new Promise<number>((resolve, reject) => {
    const identity = credentials ?? ServerCredentials.createInsecure();
    server.bindAsync(`127.0.0.1:${port}`, identity, (error, actual) =>
      error ? reject(error) : resolve(actual),
    );
  });
  const close = () => Promise.resolve(server.forceShutdown());
  closeAfterTest(close);
  return { address: `127.0.0.1:${bound}`, port: bound, questions, received, streams, close };
}

function rawMethod(path: string, isStream: boolean) {
  const codec = {
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  return { raw: { path, requestStream: isStream, responseStream: isStream, ...codec } };
}
