import protobuf from 'protobufjs';
import { GrpcReflection } from '../../../../lib';
import { eventually } from '../../../servers/eventually';
import { startGateway } from '../../../servers/start-gateway';
import { grpcActionAt } from '../../../servers/start-grpc-action';
import { readZoo, startReflectionUpstream } from '../../../servers/start-reflection-upstream';
import type { Question } from '../../../servers/start-reflection-upstream';
import { startTcpRelay } from '../../../servers/start-tcp-relay';
import { ECHO_METHODS, REFLECTED, startReflected } from './start-reflected';

const lookups = ({ questions }: { questions: Question[] }) =>
  questions.filter(({ fileContainingSymbol: symbol }) => symbol).length;

/** The zoo with another number for `nick_name`, which is 16 as it is. */
function renumberedZoo(): Buffer[] {
  return readZoo().map((file) => {
    const at = file.indexOf('nick_name');
    // name = 1, then number = 3 of the FieldDescriptorProto: tag 0x18.
    if (at >= 0 && file[at + 9] === 0x18 && file[at + 10] === 16) {
      const changed = Buffer.from(file);
      changed[at + 10] = 60;
      return changed;
    }
    return file;
  });
}

function fieldNumberIn(message: Uint8Array = new Uint8Array()): number {
  return protobuf.Reader.create(message).uint32() >>> 3;
}

test('R6 1,000 concurrent first requests make one lookup', async () => {
  const { call, upstream } = await startReflected();
  const calls = Array.from({ length: 1000 }, (_, id) => call({ args: { animalId: String(id) } }));
  const answers = await Promise.all(calls);
  expect(answers.map(({ responseData }) => responseData.animalId)).toEqual(
    answers.map((_, id) => String(id)),
  );
  expect(lookups(upstream)).toBe(1);
  expect(upstream.received).toHaveLength(1000);
});

test('OnEveryRequest looks up for each call, and leaves no stream and no connection behind', async () => {
  const server = await startReflectionUpstream({ methods: ECHO_METHODS });
  const relay = await startTcpRelay(server.port);
  const { call } = await grpcActionAt({ path: relay.address, insecure: true }, {
    ...REFLECTED,
    reflection: GrpcReflection.OnEveryRequest,
  } as object);
  for (let count = 0; count < 20; count++) await call({ args: {} });
  expect(lookups(server)).toBe(20);
  expect(relay.count).toBe(1);
  await eventually(() => server.streams.size === 0);
});

test('a refresh in the background delays no call and brings the new schema', async () => {
  let isChanged = false;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const { call, upstream } = await startReflected(
    {
      files: () => (isChanged ? renumberedZoo() : readZoo()),
      answer: async (_question, usual) => {
        if (isChanged) await finished;
        return usual();
      },
    },
    { reflectionRefreshSec: 0 },
  );
  const sentNumber = async () => {
    await call({ args: { nickName: 'n' } });
    return fieldNumberIn(upstream.received.at(-1)?.bytes);
  };
  expect(await sentNumber()).toBe(16);
  isChanged = true;
  await sentNumber();
  await eventually(() => lookups(upstream) > 1);
  expect(await sentNumber()).toBe(16);
  finish();
  let number = 16;
  while (number === 16) number = await sentNumber();
  expect(number).toBe(60);
});

test('what was learned stays in use while the server does not describe itself', async () => {
  let isBroken = false;
  const { call, upstream } = await startReflected(
    { answer: (_question, usual) => (isBroken ? Buffer.from('garbage') : usual()) },
    { reflectionRefreshSec: 0 },
  );
  await call({ args: {} });
  isBroken = true;
  for (let count = 0; count < 5; count++) {
    await expect(call({ args: { animalId: 'a' } })).resolves.toMatchObject({
      responseData: { animalId: 'a' },
    });
  }
  await eventually(() => lookups(upstream) > 1);
  isBroken = false;
  const failed = lookups(upstream);
  while (lookups(upstream) === failed) await call({ args: {} });
});

test('without reflectionRefreshSec there is one lookup', async () => {
  const { call, upstream } = await startReflected();
  for (let count = 0; count < 5; count++) await call({ args: {} });
  expect(lookups(upstream)).toBe(1);
});

test('T1 endpoints and options do not share what was learned', async () => {
  const upstream = await startReflectionUpstream({ methods: ECHO_METHODS });
  const path = upstream.address;
  const endpoints = [
    { path, insecure: true },
    { path: `localhost:${upstream.port}`, insecure: true },
    { path, insecure: true, grpcOptions: { 'grpc.keepalive_time_ms': 600_000 } },
  ];
  for (const endpoint of endpoints) {
    const { call } = await grpcActionAt(endpoint, REFLECTED as object);
    await call({ args: {} });
    await call({ args: {} });
  }
  expect(lookups(upstream)).toBe(endpoints.length);
});

test('actions of one service share what was learned', async () => {
  const upstream = await startReflectionUpstream({ methods: ECHO_METHODS });
  const actions = { one: REFLECTED, two: { ...REFLECTED, timeout: 5_000 } };
  const endpoints = { path: upstream.address, insecure: true };
  const schema = { root: { zoo: { endpoints, actions } }, other: { zoo: { endpoints, actions } } };
  const { post } = await startGateway(schema as never);
  for (const path of ['zoo/one', 'zoo/two']) expect((await post(path)).status).toBe(200);
  expect(lookups(upstream)).toBe(1);
  expect((await post('other/zoo/one')).status).toBe(200);
  expect(lookups(upstream)).toBe(2);
});
