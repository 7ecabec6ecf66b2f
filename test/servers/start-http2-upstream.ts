import { createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { listen } from './start-upstream';

/** A server of bare HTTP/2, for answers that no gRPC library would write. */
export async function startHttp2Upstream(
  answer: (stream: ServerHttp2Stream, drop: () => void) => unknown,
) {
  const server = createServer();
  let count = 0;
  server.on('sessionError', () => undefined);
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream) => {
    count++;
    stream.on('error', () => undefined);
    stream.resume();
    answer(stream, () => sockets.forEach((socket) => socket.destroy()));
  });
  const { port, sockets, close } = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    port,
    sockets,
    close,
    /** Calls that came in so far. */
    get count() {
      return count;
    },
  };
}

/** A message as gRPC frames it: a flag for compression, the length, the bytes. */
export function frame(bytes: Buffer, { flag = 0, length = bytes.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, bytes]);
}

export interface GrpcAnswer {
  headers?: object;
  chunks?: Buffer[];
  trailers?: object;
}

/** Head, bytes, trailers, as a gRPC server sends them; by default the status is OK. */
export function sendGrpc(stream: ServerHttp2Stream, answer: GrpcAnswer = {}): void {
  const { headers, chunks = [], trailers = { 'grpc-status': '0' } } = answer;
  const head = { ':status': 200, 'content-type': 'application/grpc', ...headers };
  stream.respond(head, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers as never));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
}
