import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { closeAfterTest } from '../../test/servers/closing';

export interface ProgramOptions {
  /** Of Node itself. */
  flags?: readonly string[];
  environment?: Record<string, string>;
}

/** A program of `programs/` in a process of its own, given `input`; killed when the test ends. */
export function startProgram(name: string, input: object = {}, options: ProgramOptions = {}) {
  const { flags = [], environment } = options;
  const file = join(__dirname, 'programs', `${name}.ts`);
  const child = spawn(
    process.execPath,
    [...flags, '--import', 'tsx', file, JSON.stringify(input)],
    // Without a terminal's own settings: what is printed is compared.
    { env: { ...process.env, FORCE_COLOR: '0', ...environment }, stdio: 'pipe' },
  );
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise<{ code: number | null; output: string; errors: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, output, errors }));
  });
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('\n')) resolve(output.slice(0, output.indexOf('\n')));
    });
  });
  closeAfterTest(async () => {
    child.kill('SIGKILL');
    await ended;
  });

  /** The first line that it prints, as JSON. */
  async function read(): Promise<any> {
    const line = await Promise.race([firstLine, ended]);
    if (typeof line === 'string') return JSON.parse(line);
    throw new Error(`${name} printed nothing: ${line.errors}`);
  }
  return { read, ended };
}
