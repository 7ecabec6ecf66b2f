import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { Contents } from './fit-patch';

/**
 * Replaces files, all of them or none. They are never written in place: package managers link one
 * file into many projects. Throws what the file system says.
 */
export function replaceFiles(contents: Contents): void {
  const drafts = new Map<string, string>();
  const replaced = new Map<string, string>();
  try {
    for (const [path, content] of contents) drafts.set(path, writeDraft(path, content));
    for (const [path, draft] of drafts) {
      replaced.set(path, writeDraft(path, readFileSync(path)));
      renameSync(draft, path);
    }
  } catch (error) {
    for (const [path, backup] of replaced) renameSync(backup, path);
    replaced.clear();
    throw error;
  } finally {
    for (const left of [...drafts.values(), ...replaced.values()]) rmSync(left, { force: true });
  }
}

/** A file beside the one that it is to replace, of the same mode. */
function writeDraft(path: string, content: string | Buffer): string {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content, { mode: statSync(path).mode });
  return draft;
}
