import { fitPatch } from './fit-patch';
import type { Contents } from './fit-patch';
import type { InstalledPackage } from './find-packages';
import { patchesFor, readPatch } from './own-patches';
import { replaceFiles } from './replace-files';

export interface Wish {
  readonly reverse: boolean;
  /** Finds out and writes nothing. */
  readonly readOnly: boolean;
}

export interface Outcome {
  /** Whether the copy is as it was wished, or would be. */
  readonly isMet: boolean;
  readonly text: string;
}

/** Brings one copy of a package into the wished state. */
export function patchCopy(installed: InstalledPackage, { reverse, readOnly }: Wish): Outcome {
  const fits = patchesFor(installed.name, installed.version).map((patch) =>
    fitPatch(installed, readPatch(patch)),
  );
  const patched = fits.find((fit) => fit.state === 'patched');
  const unpatched = fits.find((fit) => fit.state === 'unpatched');
  if (reverse) {
    if (!patched) return { isMet: true, text: 'has no patch of ours' };
    return write(patched.original, readOnly, ['would be put back', 'put back']);
  }
  if (patched) return { isMet: true, text: 'is patched already' };
  if (unpatched) return write(unpatched.patched, readOnly, ['would be patched', 'patched']);
  const why =
    fits.length > 0
      ? 'its files were changed by somebody else, it is left alone'
      : 'no patch fits this version';
  return { isMet: false, text: `${why}; the gateway's own reflection works without it` };
}

function write(contents: Contents, readOnly: boolean, [wish = '', done = '']: string[]): Outcome {
  if (readOnly) return { isMet: false, text: wish };
  try {
    replaceFiles(contents);
    return { isMet: true, text: done };
  } catch (error) {
    const { message } = error as Error;
    return { isMet: false, text: `cannot be written, nothing is changed: ${message}` };
  }
}
