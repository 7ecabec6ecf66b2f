import { cpSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import type * as Protobuf from 'protobufjs';
import { runCommand } from '../../lib/reflection-patch/run-command';
import { readZooSet, startReflectionUpstream } from '../servers/start-reflection-upstream';
import { makeProject } from './temporary-project';

const MODULES = join(__dirname, '..', '..', 'node_modules');

/** A project with the whole packages, patched or as they are; what they need is linked. */
function installWhole(isPatched: boolean) {
  const project = makeProject();
  for (const name of ['protobufjs', 'grpc-reflection-js']) {
    cpSync(join(MODULES, name), project.path('node_modules', name), { recursive: true });
  }
  for (const name of ['@grpc', '@protobufjs', 'long', 'google-protobuf', 'lodash.set']) {
    symlinkSync(join(MODULES, name), project.path('node_modules', name));
  }
  if (isPatched) {
    const { lines } = runCommand([], project.folder);
    expect(lines.filter((line) => line.endsWith(': patched'))).toHaveLength(2);
  }
  const load = createRequire(project.path('package.json'));
  const protobuf = load('protobufjs') as typeof Protobuf;
  load('protobufjs/ext/descriptor');
  const reflection = load('grpc-reflection-js') as { Client: new (...args: unknown[]) => any };
  return { protobuf, reflection };
}

interface Restored {
  readonly root: Protobuf.Root;
  readonly MapField: typeof Protobuf.MapField;
}

/** The root of the zoo, out of a descriptor set and out of reflection. */
const restorers: [string, (isPatched: boolean) => Promise<Restored>][] = [
  [
    'Root.fromDescriptor of protobufjs',
    (isPatched) => {
      const { protobuf } = installWhole(isPatched);
      const { MapField } = protobuf;
      const { fromDescriptor } = protobuf.Root as unknown as {
        fromDescriptor: (set: Buffer) => Protobuf.Root;
      };
      return Promise.resolve({ root: fromDescriptor(readZooSet()), MapField });
    },
  ],
  [
    'fileContainingSymbol of grpc-reflection-js',
    async (isPatched) => {
      const { protobuf, reflection } = installWhole(isPatched);
      const { address } = await startReflectionUpstream({
        versions: ['v1alpha'],
        isTransitive: !isPatched,
      });
      const client = new reflection.Client(address, credentials.createInsecure());
      const root = (await client.fileContainingSymbol('zoo.Zoo')) as Protobuf.Root;
      client.grpcClient.close();
      return { root, MapField: protobuf.MapField };
    },
  ],
];

describe.each(restorers)('%s', (_name, restore) => {
  test('gives camelCase names, maps and custom options when it is patched', async () => {
    const { root, MapField } = await restore(true);
    const animal = root.lookupType('zoo.Animal');
    expect(Object.keys(animal.fields)).toEqual(
      expect.arrayContaining(['animalId', 'mealsByDay', 'cageName', 'ratio_2']),
    );
    expect(animal.fields['mealsByDay']).toBeInstanceOf(MapField);
    expect(animal.fields['mealsByDay']).toMatchObject({ keyType: 'string', type: 'int32' });
    expect(Object.keys(animal.oneofs)).toContain('homePlace');
    expect(animal.options).toEqual({ '(zoo.options.level)': 'HIGH' });
    expect(animal.fields['animalId']?.options).toMatchObject({ '(zoo.options.unit)': 'id' });
    expect(root.lookupService('zoo.Zoo').methods['EchoAnimal']?.options).toEqual({
      '(zoo.options.rule)': { get: '/v1/animals', display: { labelText: 'animals' } },
    });
    const message = { animalId: 'a', mealsByDay: { monday: 1 }, homeTag: { tagName: 't' } };
    expect(animal.decode(animal.encode(message).finish()).toJSON()).toEqual(message);
  });

  test('gives none of them as it is: the patch is still needed', async () => {
    const { root, MapField } = await restore(false);
    const animal = root.lookupType('zoo.Animal');
    expect(animal.fields['animal_id']).toBeDefined();
    expect(animal.fields['meals_by_day']).not.toBeInstanceOf(MapField);
    expect(animal.options).not.toMatchObject({ '(zoo.options.level)': 'HIGH' });
  });
});
