import { GrpcReflection } from '../../lib';
import { eventually } from '../../test/servers/eventually';
import { describeFile, readZoo } from '../../test/servers/start-reflection-upstream';
import type { ReflectionUpstreamOptions } from '../../test/servers/start-reflection-upstream';
import { failureOf } from '../../test/servers/start-rest-action';
import { startReflected } from '../../test/transports/grpc/reflection/start-reflected';
import { checkLeaks } from './check-leaks';
import { promiseOnce } from './promise';

checkLeaks();

type Upstream = Awaited<ReturnType<typeof startReflected>>['upstream'];
const lookups = ({ questions }: Upstream) =>
  questions.filter(({ fileContainingSymbol: symbol }) => symbol !== undefined).length;

const zoo = readZoo();
const without = (prefix: string) =>
  zoo.filter((file) => !describeFile(file).name.startsWith(prefix));
const files = (...fileDescriptorProto: Buffer[]) => ({
  fileDescriptorResponse: { fileDescriptorProto },
});
const dangling = Buffer.from('\n\x0bzoo/a.proto\x12\x03zoo2\x03Zoo', 'latin1');
type Answer = NonNullable<ReflectionUpstreamOptions['answer']>;
const answer = (reply: Answer): ReflectionUpstreamOptions => ({ answer: reply });

const faulty: [what: string, options: ReflectionUpstreamOptions, status: number][] = [
  ['bytes that are no message', answer(() => Buffer.from([255, 255, 255])), 502],
  ['no files', answer(() => ({})), 502],
  ['an empty list of files', answer(() => files()), 502],
  ['a file that does not decode', answer(() => files(Buffer.from('garbage'))), 502],
  ['a cut file', answer(() => files(zoo.at(-1)!.subarray(0, 200))), 502],
  ['files that do not fit', answer(() => files(dangling, ...without('zoo/modern'))), 502],
  ['files of something else', answer(() => files(...without('zoo/zoo'))), 502],
  ['too few files', { files: () => without('zoo/animal') }, 502],
  ['an error', answer(() => ({ errorResponse: { errorCode: 13, errorMessage: 'x' } })), 502],
  ['an early end', answer((_question, _usual, stream) => void stream.end()), 502],
  ['nothing, as it has no reflection', { versions: [] }, 501],
];

promiseOnce(
  'R6',
  'A server that answers reflection with garbage, too little or an early end: a coded 502 (501 where it offers no reflection) without inner addresses; nothing is sent to the service.',
  () => {
    test.each(faulty)('%s', async (_what, options, status) => {
      const { call, post, upstream } = await startReflected(options);
      const { error } = await failureOf(call());
      expect(error).toMatchObject({ status, code: 'GRPC_REFLECTION_FAILED' });
      const told = await post();
      expect(told).toMatchObject({ status, json: { code: 'GRPC_REFLECTION_FAILED' } });
      expect(told.text).not.toContain(upstream.address);
      expect(upstream.received).toEqual([]);
    });
  },
);

promiseOnce('R6', "Reflection runs inside of the action's time and signal.", () => {
  test('a lookup that hangs ends with the time of the call', async () => {
    const { call, upstream } = await startReflected(
      answer(() => undefined),
      { timeout: 200 },
    );
    expect((await failureOf(call())).error).toMatchObject({
      status: 504,
      details: { grpcCode: 4 },
    });
    expect(upstream.received).toEqual([]);
  });

  test('a caller who leaves does not wait for it; others that wait still get it', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { call, upstream } = await startReflected(answer((_question, usual) => gate.then(usual)));
    const leaving = new AbortController();
    const left = failureOf(call({ args: {}, abortSignal: leaving.signal }));
    const stayed = call({ args: { animalId: 'a' } });
    await eventually(() => upstream.questions.length === 1);
    leaving.abort();
    expect((await left).error.status).toBe(499);
    open();
    expect((await stayed).responseData.animalId).toBe('a');
    expect(upstream.received).toHaveLength(1);
  });
});

promiseOnce(
  'R6',
  'Concurrent first calls share one lookup; its failure is that of the calls that wait, and the next call asks again.',
  () => {
    test('300 calls', async () => {
      const { call, upstream } = await startReflected();
      const calls = Array.from({ length: 300 }, (_, id) => call({ args: { animalId: `${id}` } }));
      const ids = (await Promise.all(calls)).map(({ responseData }) => responseData.animalId);
      expect(ids).toEqual(ids.map((_, id) => `${id}`));
      expect(lookups(upstream)).toBe(1);
    });

    test('a failure', async () => {
      let isBroken = true;
      const { call, upstream } = await startReflected(
        answer((_question, usual) => (isBroken ? Buffer.from('garbage') : usual())),
      );
      const failures = await Promise.all(Array.from({ length: 20 }, () => failureOf(call())));
      for (const { error } of failures) expect(error.status).toBe(502);
      expect(lookups(upstream)).toBe(1);
      isBroken = false;
      expect((await call({ args: { animalId: 'a' } })).responseData.animalId).toBe('a');
      await call();
      expect(lookups(upstream)).toBe(2);
    });
  },
);

promiseOnce(
  'R6',
  'A refresh that fails keeps the schema that was there, and delays no call.',
  () => {
    const hangs: [string, Answer][] = [
      ['garbage', () => Buffer.from('garbage')],
      ['an early end', (_question, _usual, stream) => void stream.end()],
      ['no answer', () => undefined],
    ];
    test.each(hangs)('%s', async (_what, fault) => {
      let isBroken = false;
      const { call, upstream } = await startReflected(
        answer((...given) => (isBroken ? fault(...given) : given[1]())),
        { reflectionRefreshSec: 0, timeout: 5_000 },
      );
      await call();
      isBroken = true;
      for (let i = 0; i < 10; i++) {
        expect((await call({ args: { nickName: 'n' } })).responseData.nickName).toBe('n');
      }
      await eventually(() => lookups(upstream) > 1);
    });
  },
);

const servers: [string, ReflectionUpstreamOptions][] = [
  ['sends all files in one answer', {}],
  ['sends one file for each question', { isTransitive: false }],
  ['leaves out google/protobuf files', { files: () => without('google/') }],
  [
    'leaves them out, one file for each question',
    { files: () => without('google/'), isTransitive: false },
  ],
  ['speaks v1alpha only', { versions: ['v1alpha'] }],
];
const kinds = [GrpcReflection.OnFirstRequest, GrpcReflection.OnEveryRequest] as const;
const combinations = servers.flatMap(([what, options]) =>
  kinds.map((reflection) => [what, reflection, options] as const),
);

/** The zoo has options of its own, defined in two files, on messages, fields and methods. */
const ANIMAL = {
  animalId: '1',
  visitCount: '9007199254740993',
  mealsByDay: { monday: 2 },
  notesByFlag: { true: 'y', false: 'n' },
  tagsByNumber: { '9007199254740993': { tagName: 't' } },
  diet: 'PLANTS',
  bornAt: { seconds: '1600000000', nanos: 5 },
  payload: { '@type': 'type.googleapis.com/zoo.Animal.Tag', tagName: 'any' },
};

promiseOnce(
  'R6',
  'Servers that send one file per answer, leave out google/protobuf files or speak v1alpha only work, with custom options defined in several files; Any is decoded with the reflected types.',
  () => {
    test.each(combinations)('a server that %s, %s', async (_what, reflection, options) => {
      const { call, post } = await startReflected(options, {
        reflection,
        encodedFields: ['payload'],
      });
      const { responseData } = await call({ args: ANIMAL });
      expect(responseData).toMatchObject(ANIMAL);
      expect((await post(ANIMAL)).json).toMatchObject(ANIMAL);
    });
  },
);
