import { parseArgs } from 'node:util';
import { findPackages, findProject, showFolder } from './find-packages';
import { OWN_PATCHES } from './own-patches';
import { patchCopy } from './patch-package-copy';

const HELP = `Usage: gateway-reflection-patch [options]

Patches protobufjs and grpc-reflection-js in node_modules, for programs that use them for gRPC
reflection themselves. The gateway's own reflection works without it.

Options:
  --check     write nothing; exit with 1 unless every copy is patched
  --reverse   take the patches back
  --dry-run   say what would be done, and write nothing
  --strict    exit with 1 when a copy cannot be patched
  --help      show this text

Exit codes: 0 done or nothing to do, 1 not as --check or --strict want it, 2 wrong usage.
`;

export interface CommandResult {
  readonly exitCode: 0 | 1 | 2;
  readonly lines: readonly string[];
}

const OPTIONS = {
  check: { type: 'boolean' },
  reverse: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  strict: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = { [name in keyof typeof OPTIONS]?: boolean };

/** Runs the command in a folder. Never throws. */
export function runCommand(args: readonly string[], cwd: string): CommandResult {
  const parsed = readArgs(args);
  if ('mistake' in parsed) return { exitCode: 2, lines: [parsed.mistake, '', HELP.trimEnd()] };
  const { help, check = false, reverse = false, strict = false } = parsed.values;
  if (help) return { exitCode: 0, lines: [HELP.trimEnd()] };
  const readOnly = check || parsed.values['dry-run'] === true;
  try {
    const project = findProject(cwd);
    const names = [...new Set(OWN_PATCHES.map(({ packageName }) => packageName))];
    const copies = findPackages(project, names);
    const outcomes = copies.map((copy) => ({ copy, ...patchCopy(copy, { reverse, readOnly }) }));
    const lines = names.flatMap((name) => {
      const told = outcomes.filter(({ copy }) => copy.name === name);
      if (told.length === 0) return [`${name} is not installed, nothing to do`];
      return told.map(({ copy: { version, folder }, text }) => {
        return `${name} ${version} (${showFolder(project, folder)}): ${text}`;
      });
    });
    const isMet = outcomes.every((outcome) => outcome.isMet);
    const counts = check || (strict && !parsed.values['dry-run']);
    return { exitCode: counts && !isMet ? 1 : 0, lines };
  } catch (error) {
    const line = `gateway-reflection-patch: ${(error as Error).message}`;
    return { exitCode: check || strict ? 1 : 0, lines: [line] };
  }
}

function readArgs(args: readonly string[]): { values: Values } | { mistake: string } {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
    if (values.check && values.reverse)
      return { mistake: '--check and --reverse exclude each other' };
    return { values };
  } catch (error) {
    return { mistake: (error as Error).message };
  }
}
