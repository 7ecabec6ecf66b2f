import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { closeAfterTest } from '../../test/servers/closing';
import { eventually } from '../../test/servers/eventually';
import { listen } from '../../test/servers/start-upstream';

export const BIG_BYTES = 30_000_000;

/** `/save` answers what it is given, `/big` many bytes, `/held` begins and ends when it is released. */
export async function startBackend() {
  const held = new Set<() => void>();
  const big = Buffer.alloc(BIG_BYTES, 'a');
  const server = createServer((request, response) => {
    if (request.url === '/big') return void response.end(big);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/save') return void request.pipe(response);
    response.write('{"held":');
    held.add(() => response.end('true}'));
  });
  const { port } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    held: () => held.size,
    release() {
      for (const end of held) end();
      held.clear();
    },
  };
}

export async function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const refused = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
  });
  socket.destroy();
  return refused;
}

/** Starts the program on the port; resolves when it listens. */
export async function startServing(port: number, backend: string, accepted: Set<string>) {
  const program = spawn(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'serving-program.ts'), String(port), backend],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(program, 'close');
  closeAfterTest(async () => {
    program.kill('SIGKILL');
    await ended;
  });
  let isListening = false;
  createInterface({ input: program.stdout }).on('line', (line) => {
    if (line === 'listening') isListening = true;
    else accepted.add(line.replace('accepted ', ''));
  });
  await eventually(() => isListening || program.exitCode !== null);
  if (!isListening) throw new Error(`the program does not listen on ${port}`);

  return {
    /** Asks it to end; resolves when it takes no connection any more. */
    async terminate() {
      program.kill('SIGTERM');
      while (!(await isRefused(port)));
    },
    /** Exit code and signal. */
    ended: ended as Promise<[number | null, string | null]>,
  };
}
