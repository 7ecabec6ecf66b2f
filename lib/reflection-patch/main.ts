import { runCommand } from './run-command';

/** In a postinstall script npm names, as `INIT_CWD`, the folder that it was called in. */
export function main(args: readonly string[], initCwd: string | undefined): void {
  const { exitCode, lines } = runCommand(args, initCwd ?? process.cwd());
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = exitCode;
}
