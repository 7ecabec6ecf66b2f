import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor';
import { GrpcReflection } from '../../../../lib';
import { closeAfterTest } from '../../../servers/closing';
import { eventually } from '../../../servers/eventually';
import { findFreePort } from '../../../servers/find-free-port';
import { readZoo, startReflectionUpstream } from '../../../servers/start-reflection-upstream';
import { grpcActionAt } from '../../../servers/start-grpc-action';
import { ECHO_METHODS, REFLECTED } from './start-reflected';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  closeAfterTest(() =>
    Promise.resolve(rmSync(folder, { recursive: true, force: true, maxRetries: 5 })),
  );
  return folder;
}

function recordingLogger() {
  const warnings: { entry: Record<string, unknown>; message: string | undefined }[] = [];
  const silent = () => undefined;
  const warn = (entry: object, message?: string) =>
    void warnings.push({ entry: { ...entry }, message });
  return { warnings, logger: { debug: silent, info: silent, error: silent, warn } };
}

/** A gateway of its own over the address, as after a restart. */
async function boot(address: string, folder: string, definition: object = {}) {
  const { warnings, logger } = recordingLogger();
  const gateway = await grpcActionAt(
    { path: address, insecure: true },
    { ...REFLECTED, ...definition } as object,
    { reflectionSnapshot: folder, logger },
  );
  return { ...gateway, warnings };
}

async function learn(folder: string, files = readZoo) {
  const upstream = await startReflectionUpstream({
    methods: ECHO_METHODS,
    files,
    port: await findFreePort(),
  });
  const { call } = await boot(upstream.address, folder);
  await call({ args: {} });
  await eventually(() => readdirSync(folder).some((name) => name.endsWith('.binpb')));
  return upstream;
}

test('what was learned is written as a FileDescriptorSet that other tools read', async () => {
  const folder = makeFolder();
  await learn(folder);
  const [name, ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(name).toMatch(/^zoo\.Zoo-[0-9a-f]{12}\.binpb$/);
  const set = readFileSync(join(folder, name ?? ''));
  const { file } = (protobuf as any).descriptor.FileDescriptorSet.decode(set);
  expect(file.map((one: { name: string }) => one.name)).toContain('zoo/zoo.proto');
});

test('a gateway boots from it while the server is unreachable, and learns when it is back', async () => {
  const folder = makeFolder();
  const first = await learn(folder);
  await first.close();
  const { call, warnings } = await boot(first.address, folder, { retries: 20 });
  const waiting = call({ args: { animalId: 'a' } });
  await eventually(() => warnings.length > 0);
  expect(warnings[0]).toMatchObject({
    entry: { code: 'GRPC_REFLECTION', endpoint: first.address, service: 'zoo.Zoo' },
    message: 'Reflection of zoo.Zoo: its snapshot is used',
  });
  const second = await startReflectionUpstream({ methods: ECHO_METHODS, port: first.port });
  await expect(waiting).resolves.toMatchObject({ responseData: { animalId: 'a' } });
  while (second.questions.length === 0) await call({ args: {} });
});

test('without a snapshot an unreachable server fails the call', async () => {
  const upstream = await startReflectionUpstream();
  await upstream.close();
  const { call } = await boot(upstream.address, makeFolder());
  await expect(call({ args: {} })).rejects.toMatchObject({ error: { status: 503 } });
});

test('a server that answers something else does not fall back to the snapshot', async () => {
  const folder = makeFolder();
  const first = await learn(folder);
  await first.close();
  await startReflectionUpstream({ methods: ECHO_METHODS, versions: [], port: first.port });
  const { call } = await boot(first.address, folder);
  await expect(call({ args: {} })).rejects.toMatchObject({ error: { status: 501 } });
});

test.each([
  ['that is garbage', Buffer.from('garbage')],
  ['that is empty', Buffer.alloc(0)],
])('a snapshot %s is told of and not used', async (_what, content) => {
  const folder = makeFolder();
  const upstream = await learn(folder);
  const [name = ''] = readdirSync(folder);
  writeFileSync(join(folder, name), content);
  await upstream.close();
  const { call, warnings } = await boot(upstream.address, folder);
  await expect(call({ args: {} })).rejects.toMatchObject({ error: { status: 503 } });
  expect(warnings.map(({ message }) => message)).toContain(
    'Reflection of zoo.Zoo: its snapshot cannot be read',
  );
});

test('a folder that cannot be written changes no outcome', async () => {
  const file = join(makeFolder(), 'file');
  writeFileSync(file, '');
  const upstream = await startReflectionUpstream({ methods: ECHO_METHODS });
  const { call, warnings } = await boot(upstream.address, join(file, 'folder'));
  await expect(call({ args: { animalId: 'a' } })).resolves.toMatchObject({
    responseData: { animalId: 'a' },
  });
  await eventually(() => warnings.some(({ message }) => message?.includes('cannot be')));
});

test('each endpoint and scope has a snapshot of its own', async () => {
  const folder = makeFolder();
  await learn(folder);
  await learn(folder);
  await eventually(() => readdirSync(folder).length === 2);
});

test('OnEveryRequest keeps a snapshot too', async () => {
  const folder = makeFolder();
  const upstream = await startReflectionUpstream({ methods: ECHO_METHODS });
  const reflection = GrpcReflection.OnEveryRequest;
  const { call } = await boot(upstream.address, folder, { reflection });
  await call({ args: {} });
  await eventually(() => readdirSync(folder).some((name) => name.endsWith('.binpb')));
});
