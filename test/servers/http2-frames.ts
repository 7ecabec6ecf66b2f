import type { Socket } from 'node:net';

/** Types of frames (RFC 9113, section 6). */
export const FRAME = { data: 0, headers: 1, settings: 4, push: 5, continuation: 9 } as const;
const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;

export function http2Frame(
  type: number,
  { flags = 0, streamId = 0, payload = [] as number[] } = {},
): Buffer {
  const head = [0, 0, payload.length, type, flags, 0, 0, 0, streamId];
  return Buffer.from([...head, ...payload]);
}

/** Shakes hands as HTTP/2 wants it, and answers the first call with bytes. */
export function answerCall(bytes: Buffer) {
  return (socket: Socket) => {
    let seen = Buffer.alloc(0);
    socket.write(http2Frame(FRAME.settings));
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      let at = PREFACE_BYTES;
      while (at + HEAD_BYTES <= seen.length) {
        if (seen[at + 3] === FRAME.headers) return void socket.write(bytes);
        at += HEAD_BYTES + seen.readUIntBE(at, 3);
      }
    });
  };
}
