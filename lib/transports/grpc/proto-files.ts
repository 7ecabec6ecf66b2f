import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Namespace, parse, Root } from 'protobufjs';
import type { IParserResult } from 'protobufjs';
import { findByName } from './codec/find-by-name';
import { keepLiterals } from './proto-literals';

/** The protos that ship with this package; beside lib/ and beside build/ alike. */
const BUNDLED = realpathSync(join(__dirname, '..', '..', '..', 'protos'));

/** Loads files with all that they import into one root. Throws, naming it, for what is not there. */
export function loadProtoFiles(paths: readonly string[], includeRoots: readonly string[]): Root {
  const root = new Root();
  addProtoFiles(root, paths, { includeRoots });
  addErrorProtos(root);
  return root.resolveAll() as Root;
}

interface ReadOptions {
  readonly includeRoots?: readonly string[];
  /** Default true: the codec needs names as they stand in the file. */
  readonly keepCase?: boolean;
  /** Leaves out files whose types the root has already; those of the package always are. */
  readonly skipDefined?: boolean;
}

/** Reads files with all that they import. */
export function addProtoFiles(
  root: Root,
  paths: readonly string[],
  { includeRoots = [], keepCase = true, skipDefined = false }: ReadOptions = {},
): void {
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
    if ((skipDefined || path.startsWith(BUNDLED)) && isDefined(path, root)) return;
    const { imports = [], weakImports = [] } = parseFile(path, root, keepCase);
    for (const target of imports) readTarget(target, path);
    for (const target of weakImports) readTarget(target, path, true);
  }

  for (const path of paths) readTarget(path);
}

/** What decodes status details and is part of every root, so that they find the user's types too. */
export function addErrorProtos(root: Root, keepCase = true): void {
  const ofRpc = readdirSync(join(BUNDLED, 'google', 'rpc')).map((name) => `google/rpc/${name}`);
  const wellKnown = ['any', 'wrappers', 'struct'].map((name) => `google/protobuf/${name}.proto`);
  addProtoFiles(root, [...ofRpc, ...wellKnown], { keepCase });
}

/** Whether the package ships a file of this name. */
export function isBundled(name: string): boolean {
  return statSync(join(BUNDLED, name), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Whether the root has a file's types, from whatever file: two copies do not fit into one root. */
function isDefined(path: string, root: Root): boolean {
  const alone = new Root();
  const { package: name = '' } = parseFile(path, alone, true);
  const own = name === '' ? alone : findByName(alone, name);
  const defined = name === '' ? root : findByName(root, name);
  if (!(own instanceof Namespace) || !(defined instanceof Namespace)) return false;
  return own.nestedArray.some((object) => defined.get(object.name) !== null);
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

function parseFile(path: string, root: Root, keepCase: boolean): IParserResult {
  const source = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  try {
    return parse(keepLiterals(source), root, { keepCase });
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}
