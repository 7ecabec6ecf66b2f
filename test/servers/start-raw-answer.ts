import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { startRawUpstream } from './start-upstream';

/** What becomes of the connection once the bytes are written. */
export type Then = 'end' | 'reset' | 'stay';

/** An upstream that answers each request with these bytes, whatever they are. */
export function startRawAnswer(bytes: string | Buffer, then: Then = 'end') {
  const answer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'latin1');
  return startRawUpstream((socket) => {
    socket.on('data', () => {
      socket.write(answer, () => {
        if (then === 'end') socket.end();
        if (then === 'reset') void resetOnceRead(socket);
      });
    });
  });
}

/** To a reader that is behind, the system shows a reset as an end. */
async function resetOnceRead(socket: Socket): Promise<void> {
  await sleep(20);
  await nextTurn();
  await nextTurn();
  socket.resetAndDestroy();
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** Answers in the words of HTTP/1.1, complete or not. */
export const rawHttp = {
  ok: OK,
  chunked: `${OK}transfer-encoding: chunked\r\n\r\n`,
  sized: (length: number, body: string) => `${OK}content-length: ${length}\r\n\r\n${body}`,
  status: (status: string) => `HTTP/1.1 ${status} X\r\ncontent-length: 2\r\n\r\n{}`,
};
