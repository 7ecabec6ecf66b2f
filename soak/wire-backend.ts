import { constants, createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { Fault } from './ask';

const OK = { ':status': 200, 'content-type': 'application/grpc' };
/** A message of 8 bytes that are none of any type. */
const NO_MESSAGE = Buffer.from([0, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 255]);
const RESETS = [
  constants.NGHTTP2_INTERNAL_ERROR,
  constants.NGHTTP2_REFUSED_STREAM,
  constants.NGHTTP2_CANCEL,
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
];

type Serve = (stream: ServerHttp2Stream, variant: number) => void;

/** What is half a frame, the same with no status behind it, and a page of a proxy. */
const SERVE: Partial<Record<Fault, Serve>> = {
  reset: (stream, variant) => stream.close(RESETS[variant % RESETS.length]),
  cut(stream, variant) {
    stream.respond(OK);
    if (variant % 2 === 0) stream.end(NO_MESSAGE.subarray(0, 9));
    else stream.write(NO_MESSAGE.subarray(0, 9), () => stream.session?.destroy());
  },
  garbage(stream, variant) {
    if (variant % 2 === 0) {
      stream.respond({ ':status': 502, 'content-type': 'text/html' });
      return void stream.end('<h1>Bad Gateway</h1>');
    }
    stream.respond(OK, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(NO_MESSAGE);
  },
  goaway(stream, variant) {
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, variant % 2 === 0 ? 0 : stream.id);
    stream.session?.destroy();
  },
};

/** An HTTP/2 server that does to each stream what its `x-fault` names. */
export function startWire(port: number): void {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const serve = SERVE[headers['x-fault'] as Fault];
    // Reflection has no such header: nobody is described here.
    if (serve) serve(stream, Number(headers['x-variant']));
    else stream.respond({ ':status': 404 }, { endStream: true });
  });
  server.on('session', (session) => session.on('error', () => undefined));
  server.listen({ port, host: '127.0.0.1', backlog: 4096 });
}
