import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closeAfterTest } from '../servers/closing';
import { findFreePort } from '../servers/find-free-port';
import { listen } from '../servers/start-upstream';
import type { Snippet } from './read-snippets';
import { createUsersApi } from './users-api';
import { listenUsersGrpc } from './users-grpc';

const run = promisify(execFile);

async function waitUntilListening(port: number, program: ChildProcess): Promise<void> {
  while (program.exitCode === null) {
    const socket = connect(port, 'localhost');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error('the program ended before it listened');
}

/** A folder for what a program reads and writes, with users.proto in it. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  closeAfterTest(() => Promise.resolve(rmSync(folder, { recursive: true })));
  copyFileSync(join(__dirname, 'users.proto'), join(folder, 'users.proto'));
  return folder;
}

/**
 * Runs a compiled program, in a folder with users.proto, against an API and a gRPC service, with ports of its
 * own in place of 4000, 50051 and 3000. Answers what it prints, or what the shell block prints while the program listens.
 */
export async function runSnippet({ shell }: Snippet, file: string): Promise<string> {
  const api = await listen(createUsersApi());
  const grpc = await listenUsersGrpc(0);
  closeAfterTest(grpc.close);
  const port = await findFreePort('localhost');
  const cwd = makeFolder();
  const moved = (text: string) =>
    text
      .replaceAll('localhost:4000', `localhost:${api.port}`)
      .replaceAll('localhost:50051', `localhost:${grpc.port}`)
      .replaceAll('localhost:3000', `localhost:${port}`)
      .replaceAll('listen(3000', `listen(${port}`);
  writeFileSync(file, moved(readFileSync(file, 'utf8')));
  if (shell === undefined) {
    const { stdout, stderr } = await run(process.execPath, [file], { cwd });
    return (stdout + stderr).replaceAll(`localhost:${api.port}`, 'localhost:4000');
  }
  const program = spawn(process.execPath, [file], { stdio: 'inherit', cwd });
  try {
    await waitUntilListening(port, program);
    const { stdout } = await run('bash', ['-c', moved(shell)]);
    return stdout;
  } finally {
    program.kill('SIGKILL');
  }
}
