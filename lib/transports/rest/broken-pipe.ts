import type { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

/** The members that Node's streams call to write. */
interface Writing {
  _write: (chunk: unknown, encoding: unknown, done: Done) => void;
  _writev: ((chunks: unknown, done: Done) => void) | null;
}

/** The other side takes no more bytes. */
const BROKEN: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);

/**
 * Lets an answer be read that came before its server stopped reading: Node would destroy the socket,
 * and what has arrived on it, when a write fails. The write stays undone; the end of the connection,
 * or its answer, is told by reading. What it gives takes that back.
 */
export function outliveBrokenPipe(socket: Socket): () => void {
  const writing = socket as unknown as Writing;
  const { _write, _writev } = writing;
  const unlessBroken =
    (done: Done): Done =>
    (error) => {
      if (!BROKEN.has((error as { code?: unknown } | null | undefined)?.code)) done(error);
    };
  writing._write = (chunk, encoding, done) =>
    _write.call(socket, chunk, encoding, unlessBroken(done));
  writing._writev =
    _writev && ((chunks, done) => void _writev.call(socket, chunks, unlessBroken(done)));
  return () => void Object.assign(writing, { _write, _writev });
}
