import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { Root } from 'protobufjs';
import { getCachedReflectionRoot, getReflectionRoot } from '../../../../lib';
import { BUNDLED_PROTOS } from '../../../servers/start-grpc-upstream';
import {
  describeFile,
  readZoo,
  startReflectionUpstream,
} from '../../../servers/start-reflection-upstream';

const PROTOS = join(__dirname, 'protos');

/** As protobufjs itself reads the files. */
function loadFiles(): Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    join(target.startsWith('google/') ? BUNDLED_PROTOS : PROTOS, target);
  return root.loadSync('zoo/zoo.proto').resolveAll() as Root;
}

function describeField(field: protobuf.Field) {
  field.resolve();
  const { name, id, repeated, map, required, partOf } = field;
  const keyType = field instanceof protobuf.MapField ? field.keyType : undefined;
  const type = field.resolvedType?.fullName ?? field.type;
  return { name, id, type, repeated, map, keyType, required, oneof: partOf?.name };
}

const types = [
  'zoo.Animal',
  'zoo.Animal.Tag',
  'zoo.common.Size',
  'zoo.legacy.Card',
  'zoo.modern.Permit',
];

test.each(types)('the fields of %s are those of protobufjs', async (name) => {
  const { address } = await startReflectionUpstream();
  const root = await getReflectionRoot(address, 'zoo.Zoo', credentials.createInsecure());
  const expected = loadFiles().lookupType(name).fieldsArray.map(describeField);
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
  const found = root.lookupType(name).fieldsArray.map(describeField);
  // protobufjs puts members of a oneof where the oneof stands.
  expect(found.sort(byId)).toEqual(expected.sort(byId));
});

test('custom options, also those defined in another file, read as protobufjs parses them', async () => {
  const { address } = await startReflectionUpstream();
  const root = await getReflectionRoot(address, 'zoo.Zoo', credentials.createInsecure());
  const animal = root.lookupType('zoo.Animal');
  expect(animal.options).toEqual({ '(zoo.options.level)': 'HIGH' });
  expect(animal.fields['animalId']?.options).toEqual({
    '(zoo.options.unit)': 'id',
    deprecated: true,
  });
  expect(animal.fields['ratio_2']?.options).toEqual({
    '(zoo.options.display).label_text': 'ratio',
    '(zoo.options.display).level': 'HIGH',
    '(zoo.options.display).max_width': '9007199254740993',
  });
  expect(animal.fields['listName']?.options).toEqual({ '(zoo.options.aliases)': ['a', 'b'] });
  const method = root.lookupService('zoo.Zoo').methods['EchoAnimal'];
  const rule = { get: '/v1/animals', display: { label_text: 'animals' } };
  expect(method?.parsedOptions).toEqual([{ '(zoo.options.rule)': rule }]);
});

test('messages pass through a root as through one of proto files', async () => {
  const { address } = await startReflectionUpstream();
  const root = await getCachedReflectionRoot(address, 'zoo.Zoo', credentials.createInsecure());
  const animal = { animalId: 'a', mealsByDay: { monday: 1 }, homeTag: { tagName: 't' } };
  const bytes = loadFiles().lookupType('zoo.Animal').encode(animal).finish();
  expect(root.lookupType('zoo.Animal').decode(bytes).toJSON()).toEqual(animal);
});

test('the cached root is looked up once, for callers that come together too', async () => {
  const { address, questions } = await startReflectionUpstream();
  const insecure = credentials.createInsecure();
  const together = Array.from({ length: 50 }, () =>
    getCachedReflectionRoot(address, 'zoo.Zoo', insecure),
  );
  const roots = new Set(await Promise.all(together));
  roots.add(await getCachedReflectionRoot(address, 'zoo.Zoo', insecure));
  expect(roots.size).toBe(1);
  expect(questions.filter(({ fileContainingSymbol: symbol }) => symbol)).toHaveLength(1);
});

test('other credentials, options or extension files are looked up for themselves', async () => {
  const { address } = await startReflectionUpstream();
  const insecure = credentials.createInsecure();
  const roots = [
    await getCachedReflectionRoot(address, 'zoo.Zoo', insecure),
    await getCachedReflectionRoot(address, 'zoo.Zoo', credentials.createInsecure()),
    await getCachedReflectionRoot(address, 'zoo.Zoo', insecure, { 'grpc.keepalive_time_ms': 9e5 }),
    await getCachedReflectionRoot(address, 'zoo.Zoo', insecure, undefined, []),
  ];
  expect(new Set(roots).size).toBe(4);
});

test('getReflectionRoot looks up each time, and replaces the cached root when asked to', async () => {
  const { address } = await startReflectionUpstream();
  const insecure = credentials.createInsecure();
  const cached = await getCachedReflectionRoot(address, 'zoo.Zoo', insecure);
  const fresh = await getReflectionRoot(address, 'zoo.Zoo', insecure);
  expect(fresh).not.toBe(cached);
  expect(await getCachedReflectionRoot(address, 'zoo.Zoo', insecure)).toBe(cached);
  const added = await getReflectionRoot(address, 'zoo.Zoo', insecure, undefined, true);
  expect(await getCachedReflectionRoot(address, 'zoo.Zoo', insecure)).toBe(added);
});

test('a failed lookup is not kept, and takes nothing away that is', async () => {
  let isBroken = true;
  const { address } = await startReflectionUpstream({
    answer: (_question, usual) => (isBroken ? Buffer.from('garbage') : usual()),
  });
  const insecure = credentials.createInsecure();
  const failed = getCachedReflectionRoot(address, 'zoo.Zoo', insecure);
  await expect(failed).rejects.toMatchObject({ error: { code: 'GRPC_REFLECTION_FAILED' } });
  isBroken = false;
  const root = await getCachedReflectionRoot(address, 'zoo.Zoo', insecure);
  isBroken = true;
  await expect(getReflectionRoot(address, 'zoo.Zoo', insecure, undefined, true)).rejects.toThrow();
  expect(await getCachedReflectionRoot(address, 'zoo.Zoo', insecure)).toBe(root);
});

/** The file without what it says of its imports, as a server may send it that knows no options. */
function withoutImport(file: Buffer, name: string): Buffer {
  const reader = protobuf.Reader.create(file);
  const parts: Buffer[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    reader.skipType(tag & 7);
    const part = file.subarray(start, reader.pos);
    const isImport = tag >>> 3 === 3 && part.subarray(2).toString() === name;
    if (!isImport) parts.push(part);
  }
  return Buffer.concat(parts);
}

test('extension files tell what options mean that the server does not describe', async () => {
  const files = readZoo()
    .filter((file) => !describeFile(file).name.startsWith('zoo/option'))
    .map((file) =>
      withoutImport(withoutImport(file, 'zoo/options.proto'), 'zoo/option_types.proto'),
    );
  const { address } = await startReflectionUpstream({ files: () => files });
  const insecure = credentials.createInsecure();
  const unitOf = (root: Root) => root.lookupType('zoo.Animal').fields['animalId']?.options;
  const plain = await getCachedReflectionRoot(address, 'zoo.Zoo', insecure);
  expect(unitOf(plain)).toEqual({ deprecated: true });
  const known = await getCachedReflectionRoot(address, 'zoo.Zoo', insecure, undefined, {
    includeProtoRoots: [PROTOS],
    filenames: ['zoo/options.proto'],
  });
  expect(unitOf(known)).toEqual({ deprecated: true, '(zoo.options.unit)': 'id' });
});

test('extension files that the server describes too do no harm', async () => {
  const { address } = await startReflectionUpstream();
  const paths = [join(PROTOS, 'zoo', 'option_types.proto')];
  const found = getCachedReflectionRoot(
    address,
    'zoo.Zoo',
    credentials.createInsecure(),
    {},
    paths,
  );
  await expect(found).resolves.toBeInstanceOf(protobuf.Root);
});
