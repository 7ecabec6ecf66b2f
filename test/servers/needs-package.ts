import { execFileSync } from 'node:child_process';

/** A program of a Debian package that tests need, such as a database or a browser. */
export interface NeededProgram {
  readonly name: string;
  readonly command: string;
}

function runs(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Why there is no such program, after trying to install it; undefined where there is one. */
function findHindrance({ name, command }: NeededProgram): string | undefined {
  if (runs(command)) return undefined;
  if (process.getuid?.() !== 0) return `${name} is not installed, and only root may install it`;
  // RUNLEVEL 1: a package does not start a service of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const aptGet = (...args: string[]) =>
    // Another worker may be installing its own.
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env, stdio: 'pipe' });
  const install = () => aptGet('install', '-y', '--no-install-recommends', name);
  try {
    try {
      install();
    } catch {
      // A new machine has no list of packages yet.
      aptGet('update');
      install();
    }
    return runs(command) ? undefined : `${name} was installed but does not run`;
  } catch (error) {
    return `${name} cannot be installed: ${(error as Error).message.split('\n')[0]}`;
  }
}

/**
 * `describe` for tests that need a program. Where there can be none they are skipped, which is said on
 * the console; with CI=true they fail instead.
 */
export function describeWith(program: NeededProgram, name: string, tests: () => void): void {
  const hindrance = findHindrance(program);
  if (hindrance === undefined) return describe(name, tests);
  if (process.env['CI'] === 'true') {
    return test(name, () => {
      throw new Error(hindrance);
    });
  }
  console.warn(`SKIPPED: the tests of "${name}" have not run, because ${hindrance}`);
  describe.skip(name, tests);
}
