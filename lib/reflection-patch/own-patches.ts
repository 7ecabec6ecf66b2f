import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A patch of this package, and the versions that it is meant for. */
export interface OwnPatch {
  readonly packageName: string;
  readonly file: string;
  /** The first version, and the first one after. */
  readonly from: string;
  readonly below: string;
}

const FOLDER = join(__dirname, '..', '..', 'patches');

export const OWN_PATCHES: readonly OwnPatch[] = [
  { packageName: 'protobufjs', file: 'protobufjs+7.6.6.patch', from: '7.6.1', below: '7.7.0' },
  {
    packageName: 'grpc-reflection-js',
    file: 'grpc-reflection-js+0.3.0.patch',
    from: '0.3.0',
    below: '0.4.0',
  },
];

/** Unified diff with paths as patch-package writes them, after a line that gives the reason. */
export function readPatch({ file }: OwnPatch): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

/** Patches for the version of a package, in the order in which they are tried. */
export function patchesFor(packageName: string, version: string): readonly OwnPatch[] {
  return OWN_PATCHES.filter(
    (patch) =>
      patch.packageName === packageName &&
      compareVersions(version, patch.from) >= 0 &&
      compareVersions(version, patch.below) < 0,
  );
}

/** By major, minor and patch: a pre-release counts as its release. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(/[.+-]/).slice(0, 3).map(Number));
  const at = [0, 1, 2].find((index) => a?.[index] !== b?.[index]);
  return at === undefined ? 0 : (a?.[at] ?? 0) - (b?.[at] ?? 0);
}
