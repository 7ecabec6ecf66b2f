import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { applyPatch, parsePatch, reversePatch } from 'diff';
import type { StructuredPatch } from 'diff';
import type { InstalledPackage } from './find-packages';

/** New contents by path. */
export type Contents = ReadonlyMap<string, string>;

/** How a patch and a package are to each other. */
export type Fit =
  | { readonly state: 'unpatched'; readonly patched: Contents }
  | { readonly state: 'patched'; readonly original: Contents }
  /** Some hunk fits neither way: the files were changed by somebody else. */
  | { readonly state: 'changed' };

/** Tries every hunk of every file, with its whole context, and writes nothing. */
export function fitPatch(installed: InstalledPackage, text: string): Fit {
  const files = parsePatch(text).filter(({ hunks }) => hunks.length > 0);
  const original = applyAll(
    installed,
    files.map((file) => reversePatch(file)),
  );
  if (original) return { state: 'patched', original };
  const patched = applyAll(installed, files);
  return patched ? { state: 'unpatched', patched } : { state: 'changed' };
}

function applyAll(installed: InstalledPackage, files: StructuredPatch[]): Contents | undefined {
  const contents = new Map<string, string>();
  for (const file of files) {
    const path = pathOf(installed, file);
    const content = applyPatch(readIfThere(path), file, { fuzzFactor: 0 });
    if (content === false) return undefined;
    contents.set(path, content);
  }
  return contents;
}

/** patch-package names files `a/node_modules/<package>/<path>`, and `b/...` after the change. */
function pathOf({ name, folder }: InstalledPackage, { oldFileName = '' }: StructuredPatch): string {
  const prefix = `node_modules/${name}/`;
  const named = oldFileName.replace(/^[ab]\//, '');
  const path = join(folder, named.slice(prefix.length));
  if (named.startsWith(prefix) && path.startsWith(folder + sep)) return path;
  throw new Error(`the patch of ${name} names ${oldFileName}`);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
