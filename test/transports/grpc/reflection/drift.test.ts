import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor';
import { closeAfterTest } from '../../../servers/closing';
import { eventually } from '../../../servers/eventually';
import { grpcActionAt } from '../../../servers/start-grpc-action';
import { startReflectionUpstream } from '../../../servers/start-reflection-upstream';
import { ECHO_METHODS, REFLECTED } from './start-reflected';

/** The description of a file with `body` in it, as protobufjs writes descriptors. */
function compile(body: string, syntax = 'proto3'): Buffer[] {
  const source = `syntax = "${syntax}"; package zoo; ${body}`;
  const { root } = protobuf.parse(source, { keepCase: true });
  root.resolveAll();
  const set = (root as any).toDescriptor(syntax);
  const { FileDescriptorProto } = (protobuf as any).descriptor;
  return set.file.map((file: object) => Buffer.from(FileDescriptorProto.encode(file).finish()));
}

const ECHO =
  'service Zoo { rpc EchoAnimal(Animal) returns (Animal); rpc Other(Animal) returns (Animal); }';
const animal = (fields: string) => `message Animal { ${fields} } ${ECHO}`;
const BASE =
  animal('string user_name = 1; Part part = 2; State state = 3; map<string, Part> parts = 4;') +
  ' message Part { int32 count = 1; } enum State { OFF = 0; ON = 1; }';
const swap = (from: string, to: string) => BASE.replace(from, to);

const FIELD = 'the field zoo.Animal.user_name';
const breaking: [string, string, string][] = [
  [
    'a method that is gone',
    swap('rpc EchoAnimal(Animal) returns (Animal);', ''),
    'the method /zoo.Zoo/EchoAnimal is gone',
  ],
  [
    'a method that streams',
    swap('returns (Animal); rpc Other', 'returns (stream Animal); rpc Other'),
    'the method /zoo.Zoo/EchoAnimal is of another type',
  ],
  [
    'another number',
    swap('user_name = 1', 'user_name = 9'),
    `${FIELD} has the number 9 instead of 1 now`,
  ],
  [
    'another type',
    swap('string user_name', 'int32 user_name'),
    `${FIELD} is int32 instead of string now`,
  ],
  [
    'a list',
    swap('string user_name', 'repeated string user_name'),
    `${FIELD} is repeated string instead of string now`,
  ],
  ['another name', swap('user_name', 'full_name'), `${FIELD} is called full_name now`],
  ['a field that is gone', swap('string user_name = 1;', ''), `${FIELD} is gone`],
  [
    'a change within a message',
    swap('int32 count', 'int64 count'),
    'the field zoo.Part.count is int64 instead of int32 now',
  ],
  ['another enum value', swap('ON = 1', 'RUNNING = 1'), 'the value ON = 1 of zoo.State is gone'],
  [
    'an enum value that moved',
    swap('ON = 1', 'ON = 2'),
    'the value ON = 1 of zoo.State has the number 2 now',
  ],
];

const compatible: [string, string][] = [
  ['a new field', swap('string user_name', 'string added = 20; string user_name')],
  ['a new method', swap('rpc Other', 'rpc Added(Animal) returns (Animal); rpc Other')],
  ['a new enum value', swap('ON = 1;', 'ON = 1; SLOW = 2;')],
  ['a message that is called differently', BASE.replaceAll('Part', 'Piece')],
  ['a change of a method that no action uses', swap('rpc Other(Animal)', 'rpc Others(Animal)')],
];

async function driftBetween(before: Buffer[], after: Buffer[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  closeAfterTest(() =>
    Promise.resolve(rmSync(folder, { recursive: true, force: true, maxRetries: 5 })),
  );
  const warnings: string[] = [];
  const silent = () => undefined;
  const logger = {
    debug: silent,
    info: silent,
    error: silent,
    warn: (_: object, text = '') => void warnings.push(text),
  };
  let port = 0;
  for (const files of [before, after]) {
    const upstream = await startReflectionUpstream({
      methods: ECHO_METHODS,
      files: () => files,
      port,
    });
    port = upstream.port;
    const { call } = await grpcActionAt(
      { path: upstream.address, insecure: true },
      REFLECTED as object,
      {
        reflectionSnapshot: folder,
        logger,
      },
    );
    // A method that is gone fails the call; what is told of it is the same.
    await call({ args: {} }).catch(() => undefined);
    await eventually(() => readdirSync(folder).some((name) => name.endsWith('.binpb')));
    await upstream.close();
  }
  return warnings;
}

test.each(breaking)('%s is told of, with action and field', async (_what, after, change) => {
  expect(await driftBetween(compile(BASE), compile(after))).toContain(
    `Reflection of zoo.Zoo: the action root.items.run is broken: ${change}`,
  );
});

test.each(compatible)('%s is no news', async (_what, after) => {
  expect(await driftBetween(compile(BASE), compile(after))).toEqual([]);
});

test('a field that has become required is told of', async () => {
  const before = animal('optional string user_name = 1;');
  const after = animal('optional string user_name = 1; required int32 rank = 2;');
  expect(await driftBetween(compile(before, 'proto2'), compile(after, 'proto2'))).toEqual([
    'Reflection of zoo.Zoo: the action root.items.run is broken: the field zoo.Animal.rank is required now',
  ]);
});

test('a refresh while the gateway runs tells of drift too', async () => {
  let files = compile(BASE);
  const upstream = await startReflectionUpstream({ methods: ECHO_METHODS, files: () => files });
  const warnings: string[] = [];
  const silent = () => undefined;
  const logger = {
    debug: silent,
    info: silent,
    error: silent,
    warn: (_: object, text = '') => void warnings.push(text),
  };
  const { call } = await grpcActionAt(
    { path: upstream.address, insecure: true },
    { ...REFLECTED, reflectionRefreshSec: 0 } as object,
    { logger },
  );
  await call({ args: {} });
  files = compile(swap('user_name = 1', 'user_name = 9'));
  while (warnings.length === 0) await call({ args: {} });
  expect(warnings).toEqual([expect.stringContaining('has the number 9 instead of 1 now')]);
});
