import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** How far below the project workspaces are looked for. */
const MAX_WORKSPACE_DEPTH = 4;

/** One installed copy of a package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its real folder. */
  readonly folder: string;
}

/** The folder that all of a project's packages are below: of a workspace, that of the whole. */
export function findProject(start: string): string {
  const folders = ancestorsOf(realpathSync(start));
  const own = folders.find((folder) => existsSync(join(folder, 'package.json')));
  const whole = folders.find(hasWorkspaces);
  return whole ?? own ?? realpathSync(start);
}

function ancestorsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
}

function hasWorkspaces(folder: string): boolean {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return true;
  return readManifest(folder)?.['workspaces'] !== undefined;
}

function readManifest(folder: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as never;
  } catch {
    return undefined;
  }
}

/** Every copy of the packages in a project: hoisted, nested, of its workspaces, in pnpm's store. */
export function findPackages(project: string, names: readonly string[]): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();

  function walkModules(modules: string): void {
    for (const entry of listFolders(modules)) {
      const path = join(modules, entry.name);
      if (entry.name === '.pnpm') listFolders(path).forEach(({ name }) => walkStore(path, name));
      else if (entry.name.startsWith('@'))
        listFolders(path).forEach((one) => visit(path, one, entry.name));
      else visit(modules, entry);
    }
  }

  function walkStore(store: string, name: string): void {
    walkModules(join(store, name, 'node_modules'));
  }

  function visit(parent: string, entry: Dirent, scope?: string): void {
    const path = join(parent, entry.name);
    const name = scope === undefined ? entry.name : `${scope}/${entry.name}`;
    if (names.includes(name)) add(path, name);
    // What a link leads to is visited where it really is.
    if (!entry.isSymbolicLink()) walkModules(join(path, 'node_modules'));
  }

  function add(path: string, name: string): void {
    const folder = realpathSync(path);
    const version = readManifest(folder)?.['version'];
    const isOwn = folder.startsWith(project + sep);
    if (isOwn && typeof version === 'string') found.set(folder, { name, version, folder });
  }

  for (const folder of listProjects(project)) walkModules(join(folder, 'node_modules'));
  return [...found.values()];
}

function listFolders(path: string): Dirent[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
}

/** The project and the folders below it that may have packages of their own. */
function listProjects(folder: string, depth = 0): string[] {
  const below = depth < MAX_WORKSPACE_DEPTH ? listFolders(folder) : [];
  const inner = below.filter(
    (entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'),
  );
  return [folder, ...inner.flatMap(({ name }) => listProjects(join(folder, name), depth + 1))];
}

/** A folder as messages show it. */
export function showFolder(project: string, folder: string): string {
  return relative(project, folder).split(sep).join('/');
}
