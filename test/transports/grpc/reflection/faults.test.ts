import { join } from 'node:path';
import { GrpcReflection } from '../../../../lib';
import { eventually } from '../../../servers/eventually';
import { findFreePort } from '../../../servers/find-free-port';
import { startGateway } from '../../../servers/start-gateway';
import {
  describeFile,
  readZoo,
  startReflectionUpstream,
} from '../../../servers/start-reflection-upstream';
import type { ReflectionUpstreamOptions } from '../../../servers/start-reflection-upstream';
import { ECHO_METHODS, REFLECTED, startReflected } from './start-reflected';

const files = (...fileDescriptorProto: Buffer[]) => ({
  fileDescriptorResponse: { fileDescriptorProto },
});
const zoo = readZoo();
const without = (prefix: string) =>
  zoo.filter((file) => !describeFile(file).name.startsWith(prefix));

/** Files that do not fit: a message whose field is of a type that is nowhere. */
const danglingFile = Buffer.concat([Buffer.from('\n\x0bzoo/a.proto\x12\x03zoo2\x03Zoo', 'latin1')]);

const faulty: [string, ReflectionUpstreamOptions, { status: number; fault: string }][] = [
  ['reflection that is not offered', { versions: [] }, { status: 501, fault: 'notOffered' }],
  ['an unknown symbol', { files: () => [] }, { status: 502, fault: 'notFound' }],
  [
    'an import that is missing',
    { files: () => without('zoo/animal') },
    { status: 502, fault: 'notFound' },
  ],
  [
    'an answer that is no message',
    { answer: () => Buffer.from('\xff\xff\xff', 'latin1') },
    { status: 502, fault: 'invalid' },
  ],
  ['an answer without files', { answer: () => ({}) }, { status: 502, fault: 'invalid' }],
  ['an empty list of files', { answer: () => files() }, { status: 502, fault: 'notFound' }],
  [
    'a file that does not decode',
    { answer: () => files(Buffer.from('garbage')) },
    { status: 502, fault: 'invalid' },
  ],
  [
    'a cut file',
    { answer: () => files(zoo.at(-1)!.subarray(0, 200)) },
    { status: 502, fault: 'invalid' },
  ],
  [
    'files that do not fit together',
    { answer: () => files(danglingFile, ...without('zoo/modern')) },
    { status: 502, fault: 'invalid' },
  ],
  [
    'files of something else',
    { answer: () => files(...without('zoo/zoo')) },
    { status: 502, fault: 'notFound' },
  ],
  [
    'an error answer',
    { answer: () => ({ errorResponse: { errorCode: 13, errorMessage: 'broken' } }) },
    { status: 502, fault: 'invalid' },
  ],
  [
    'a stream that ends early',
    { answer: (_question, _usual, stream) => void stream.end() },
    { status: 502, fault: 'invalid' },
  ],
  [
    'a stream that is refused',
    {
      answer: (_question, _usual, stream) =>
        void stream.emit('error', { code: 16, details: 'who are you' }),
    },
    { status: 401, fault: 'failed' },
  ],
];

test.each(faulty)(
  'R6 %s is a coded error that names endpoint and service',
  async (_what, options, told) => {
    const { call, post, upstream } = await startReflected(options);
    const error = await call({ args: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      error: {
        status: told.status,
        code: 'GRPC_REFLECTION_FAILED',
        message: 'The description of the upstream service cannot be had: zoo.Zoo',
        requestId: expect.any(String),
        debug: {
          endpoint: upstream.address,
          symbol: 'zoo.Zoo',
          fault: told.fault,
          reason: expect.any(String),
        },
      },
    });
    const answer = await post();
    expect(answer.status).toBe(told.status);
    expect(answer.text).not.toContain(upstream.address);
    expect(upstream.received).toEqual([]);
  },
);

test('R6 a failure is not kept: the next call asks again', async () => {
  let isBroken = true;
  const { call, upstream } = await startReflected({
    answer: (_question, usual) => (isBroken ? Buffer.from('garbage') : usual()),
  });
  await expect(call({ args: {} })).rejects.toThrow();
  isBroken = false;
  await expect(call({ args: { animalId: 'a' } })).resolves.toMatchObject({
    responseData: { animalId: 'a' },
  });
  expect(upstream.questions.length).toBeGreaterThan(1);
});

test('R6 a lookup that hangs ends after limits.reflectionTimeoutMs', async () => {
  const { call, upstream } = await startReflected(
    { answer: () => undefined },
    {},
    { limits: { reflectionTimeoutMs: 300 } },
  );
  await expect(call({ args: {} })).rejects.toMatchObject({
    error: { status: 504, code: 'GRPC_REFLECTION_FAILED', debug: { fault: 'timeout' } },
  });
  await eventually(() => upstream.streams.size === 0);
});

test('R6 a lookup takes no more than the time of the call', async () => {
  const { call } = await startReflected({ answer: () => undefined }, { timeout: 200 });
  await expect(call({ args: {} })).rejects.toMatchObject({
    error: { status: 504, code: 'GATEWAY_REQUEST_ERROR', details: { grpcCode: 4 } },
  });
});

test('a cancelled call does not wait for the lookup; others that wait still get it', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { call, upstream } = await startReflected({
    answer: async (_question, usual) => {
      await gate;
      return usual();
    },
  });
  const leaving = new AbortController();
  const left = call({ args: {}, abortSignal: leaving.signal });
  const stayed = call({ args: { animalId: 'a' } });
  await eventually(() => upstream.questions.length === 1);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ error: { status: 499 } });
  open();
  await expect(stayed).resolves.toMatchObject({ responseData: { animalId: 'a' } });
  expect(upstream.received).toHaveLength(1);
});

test('an unreachable server is told by its gRPC status, and is tried again as retries say', async () => {
  const { upstream, call } = await startReflected({ port: await findFreePort() }, { retries: 1 });
  await upstream.close();
  await expect(call({ args: {} })).rejects.toMatchObject({
    error: { status: 503, details: { grpcCode: 14 }, debug: { fault: 'failed' } },
  });
  const { port } = upstream;
  const again = await startReflectionUpstream({ methods: ECHO_METHODS, port });
  await expect(call({ args: { animalId: 'a' }, retries: 20 })).resolves.toMatchObject({
    responseData: { animalId: 'a' },
  });
  expect(again.received).toHaveLength(1);
});

test('R6 other actions are unaffected', async () => {
  const { address } = await startReflectionUpstream({ methods: ECHO_METHODS, files: () => [] });
  const actions = {
    reflected: REFLECTED,
    described: { ...REFLECTED, reflection: undefined, protoPath: 'zoo/zoo.proto' },
  };
  const schema = { root: { zoo: { endpoints: { path: address, insecure: true }, actions } } };
  const includeProtoRoots = [join(__dirname, 'protos')];
  const { post } = await startGateway(schema as never, { includeProtoRoots });
  expect(await post('zoo/reflected')).toMatchObject({ status: 502 });
  expect(await post('zoo/described')).toMatchObject({ status: 200 });
});

test.each([
  ['one file for each answer', { isTransitive: false }],
  ['without google/protobuf files', { files: () => without('google/') }],
  ['only v1alpha', { versions: ['v1alpha' as const] }],
])('R6 a server that sends %s works', async (_what, options) => {
  const { call } = await startReflected(options);
  const args = { payload: { '@type': 'type.googleapis.com/zoo.Animal', animalId: 'inner' } };
  await expect(call({ args })).resolves.toMatchObject({ responseData: { animalId: '' } });
});

test('the version that a server answers is remembered', async () => {
  const { call, upstream } = await startReflected(
    { versions: ['v1alpha'] },
    { reflection: GrpcReflection.OnEveryRequest },
  );
  await call({ args: {} });
  await call({ args: {} });
  expect(new Set(upstream.questions.map(({ version }) => version))).toEqual(new Set(['v1alpha']));
});

test('a method that the server does not have is 400 GRPC_ACTION_NOT_FOUND', async () => {
  const { call, upstream } = await startReflected({}, { action: 'Missing' });
  await expect(call({ args: {} })).rejects.toMatchObject({
    error: {
      status: 400,
      code: 'GRPC_ACTION_NOT_FOUND',
      message: 'Not found action Missing in items',
    },
  });
  expect(upstream.received).toEqual([]);
});

test('a method of another type than the action says is a coded error', async () => {
  const { call } = await startReflected({}, { action: 'WatchAnimals' });
  await expect(call({ args: {} })).rejects.toMatchObject({
    error: {
      status: 502,
      debug: { reason: 'the method zoo.Zoo.WatchAnimals is not of the type unary' },
    },
  });
});

test('a closed gateway looks nothing up', async () => {
  const { call, close, upstream } = await startReflected({});
  await close();
  await expect(call({ args: {} })).rejects.toMatchObject({ error: { status: 503 } });
  expect(upstream.questions).toEqual([]);
});

test('closing ends a lookup that runs', async () => {
  const { call, close, upstream } = await startReflected({ answer: () => undefined });
  const waiting = call({ args: {} });
  await eventually(() => upstream.questions.length === 1);
  await close({ graceMs: 1 });
  await expect(waiting).rejects.toMatchObject({ error: { status: 503, code: 'GATEWAY_CLOSED' } });
  await eventually(() => upstream.streams.size === 0);
});
