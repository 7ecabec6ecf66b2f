import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { parse, Root } from 'protobufjs';
import type { IParserResult } from 'protobufjs';
import { keepLiterals } from './proto-literals';

/** The protos that ship with this package; beside lib/ and beside build/ alike. */
const BUNDLED = join(__dirname, '..', '..', '..', 'protos');

/** Loads files with all that they import into one root. Throws, naming it, for what is not there. */
export function loadProtoFiles(paths: readonly string[], includeRoots: readonly string[]): Root {
  const root = new Root();
  const read = new Set<string>();

  function readTarget(target: string, origin?: string, isWeak = false): void {
    const path = findFile(target, includeRoots, origin);
    if (path !== undefined) readFile(path);
    else if (!isWeak) {
      throw new Error(`${target} is not found${origin ? ` (imported by ${origin})` : ''}`);
    }
  }

  function readFile(path: string): void {
    if (read.has(path)) return;
    read.add(path);
    const { imports = [], weakImports = [] } = parseFile(path, root);
    for (const target of imports) readTarget(target, path);
    for (const target of weakImports) readTarget(target, path, true);
  }

  for (const path of paths) readTarget(path);
  for (const name of listErrorProtos()) if (!isRead(name, read)) readTarget(name);
  return root.resolveAll() as Root;
}

/** Import roots first; the importing file's own folder last, so that it never hides another file. */
function findFile(
  target: string,
  includeRoots: readonly string[],
  origin: string | undefined,
): string | undefined {
  // One copy of the well-known types, wherever a project keeps its own.
  const wellKnown = /(?<=^|\/)google\/protobuf\/\w+\.proto$/.exec(target)?.[0];
  const places = [
    ...(wellKnown === undefined ? [] : [resolve(BUNDLED, wellKnown)]),
    ...[...includeRoots, process.cwd(), BUNDLED].map((place) => resolve(place, target)),
    ...(origin === undefined ? [] : [resolve(dirname(origin), target)]),
  ];
  const found = places.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  return found === undefined ? undefined : realpathSync(found);
}

function parseFile(path: string, root: Root): IParserResult {
  const source = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  try {
    // The case of names is kept: the codec needs them as they stand in the file.
    return parse(keepLiterals(source), root, { keepCase: true });
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** What decodes status details and is part of every root, so that they find the user's types too. */
function listErrorProtos(): string[] {
  const ofRpc = readdirSync(join(BUNDLED, 'google', 'rpc')).map((name) => `google/rpc/${name}`);
  return [
    ...ofRpc,
    'google/protobuf/any.proto',
    'google/protobuf/wrappers.proto',
    'google/protobuf/struct.proto',
  ];
}

/** Whether a file was read from another place: two copies of its types do not fit into one root. */
function isRead(name: string, read: ReadonlySet<string>): boolean {
  return [...read].some((path) => path.split(sep).join('/').endsWith(`/${name}`));
}
