import { join } from 'node:path';
import type { GrpcDefinition } from '../../../../lib/schema/definitions';
import { GrpcReflection } from '../../../../lib';
import { grpcActionAt } from '../../../servers/start-grpc-action';
import { startReflectionUpstream } from '../../../servers/start-reflection-upstream';
import type { Version } from '../../../servers/start-reflection-upstream';

const PROTOS = join(__dirname, 'protos');

const sources: [string, Partial<GrpcDefinition>, Version[]][] = [
  ['reflection v1', { reflection: GrpcReflection.OnFirstRequest }, ['v1']],
  ['reflection v1alpha', { reflection: GrpcReflection.OnFirstRequest }, ['v1alpha']],
  ['reflection on every request', { reflection: GrpcReflection.OnEveryRequest }, ['v1', 'v1alpha']],
];

const tag = { tagName: 'a', innerTag: { tagName: 'b', origin: { countryCode: 'ke' } } };

/** What is sent, in the form that both JSON formats take. */
const messages: [string, string, object][] = [
  ['names', 'EchoAnimal', { animalId: '1', visitCount: '9007199254740993', nickName: 'x' }],
  ['odd names', 'EchoAnimal', { odd__name_3x: 'odd', ratio_2: 0.5, animal_id: 'snake' }],
  [
    'enums',
    'EchoAnimal',
    { state: 'ASLEEP', pastStates: ['AWAKE', 5, 'UNKNOWN'], diet: 'HERBIVORE' },
  ],
  [
    'map of scalars',
    'EchoAnimal',
    { mealsByDay: { monday: 2, '': 0 }, notesByFlag: { true: 'y', false: 'n' } },
  ],
  ['map of messages', 'EchoAnimal', { tagsByNumber: { '-5': tag, '9007199254740993': {} } }],
  ['map of enums', 'EchoAnimal', { statesByName: { a: 'AWAKE', b: 5 } }],
  ['map of bytes', 'EchoAnimal', { picturesById: { '18446744073709551615': 'AAEC' } }],
  [
    'recursion',
    'EchoAnimal',
    { parentAnimal: { parentAnimal: { mainTag: tag } }, children: [{}, { animalId: '2' }] },
  ],
  ['a oneof of text', 'EchoAnimal', { cageName: 'c' }],
  ['a oneof of a message', 'EchoAnimal', { homeTag: {} }],
  ['a oneof of zero', 'EchoAnimal', { houseNumber: 0 }],
  ['optional zeros', 'EchoAnimal', { ageYears: 0, nickName: '' }],
  ['imports of imports', 'EchoAnimal', { size: { weightKg: 1.5, lengthMm: '-1' } }],
  ['lists', 'EchoAnimal', { deltas: ['-1', '2'], looseNumbers: [1, 2, 3] }],
  ['numbers', 'EchoAnimal', { bigFixed: '18446744073709551615', rawBytes: 'AP8=' }],
  ['nothing', 'EchoAnimal', {}],
  ['proto2 defaults', 'EchoCard', { cardId: 'c' }],
  [
    'proto2 values',
    'EchoCard',
    { cardId: '', smallNumber: 0, kind: 'PAPER', loose: [1, 2], tight: [3, 4], isOn: false },
  ],
  [
    'editions',
    'EchoPermit',
    { requiredText: '', permitId: '', explicitNumber: 0, loose: [1, 2], tight: [3, 4] },
  ],
  [
    'editions, messages',
    'EchoPermit',
    {
      requiredText: 'r',
      delimitedPart: { partName: 'd' },
      plainPart: {},
      partsByName: { a: {} },
      yearPass: 0,
    },
  ],
];

/** What each of the formats has a form of its own for. */
const ofOneFormat: [string, 'loader' | 'canonical', string, object][] = [
  [
    'well-known types',
    'loader',
    'EchoAnimal',
    {
      payload: { '@type': 'type.googleapis.com/zoo.Animal.Tag', tagName: 'any' },
      bornAt: { seconds: '1600000000', nanos: 5 },
      napTime: { seconds: '-1', nanos: 0 },
      extraData: { fields: { a: { numberValue: 1 }, b: { listValue: { values: [] } } } },
      title: { value: 'Dr' },
    },
  ],
  [
    'well-known types',
    'canonical',
    'EchoAnimal',
    {
      payload: { '@type': 'type.googleapis.com/zoo.Animal', animalId: 'any' },
      bornAt: '2020-01-31T12:30:00.000000005Z',
      napTime: '-1s',
      extraData: { a: 1, b: [null] },
      title: 'Dr',
    },
  ],
  [
    'groups',
    'loader',
    'EchoCard',
    { cardId: 'g', cardEntry: [{ entryName: 'e' }, {}], owner: { ownerName: 'o' } },
  ],
  [
    'groups',
    'canonical',
    'EchoCard',
    { cardId: 'g', cardentry: [{ entryName: 'e' }, {}], owner: { ownerName: 'o' } },
  ],
];

async function startZoo(
  versions: Version[],
  source: Partial<GrpcDefinition>,
  options: Partial<GrpcDefinition>,
) {
  const methods = Object.fromEntries(
    ['EchoAnimal', 'EchoCard', 'EchoPermit'].map((name) => [
      `/zoo.Zoo/${name}`,
      (bytes: Buffer) => bytes,
    ]),
  );
  const upstream = await startReflectionUpstream({ versions, methods });
  const run = (definition: Partial<GrpcDefinition>) =>
    grpcActionAt(
      { path: upstream.address, insecure: true },
      { protoKey: 'zoo.Zoo', protoPath: undefined, ...options, ...definition } as never,
      { includeProtoRoots: [PROTOS] },
    );
  const ofFile = await run({ protoPath: 'zoo/zoo.proto' });
  const ofServer = await run(source);
  return { upstream, ofFile, ofServer };
}

describe.each(sources)('%s gives what proto files give', (_name, source, versions) => {
  async function expectEqual(options: Partial<GrpcDefinition>, args: object): Promise<void> {
    const { upstream, ofFile, ofServer } = await startZoo(versions, source, options);
    const expected = await ofFile.call({ args });
    const { responseData } = await ofServer.call({ args });
    expect(responseData).toEqual(expected.responseData);
    const [byFile, byServer] = upstream.received.map(({ bytes }) => bytes.toString('hex'));
    expect(byFile).toBeDefined();
    expect(byServer).toBe(byFile);
  }

  describe.each(['loader', 'canonical'] as const)('in the %s format', (jsonFormat) => {
    test.each(messages)('%s', async (_what, action, args) => {
      await expectEqual({ action, jsonFormat }, args);
    });
  });

  test.each(ofOneFormat)('%s in the %s format', async (_what, jsonFormat, action, args) => {
    await expectEqual({ action, jsonFormat, encodedFields: ['payload'] }, args);
  });
});
