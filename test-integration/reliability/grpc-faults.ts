import type { ServerHttp2Stream } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { frame, sendGrpc } from '../../test/servers/start-http2-upstream';
import type { GrpcAnswer } from '../../test/servers/start-http2-upstream';

/** What a server does in place of an answer; `drop` ends the connection. */
export type Fault = (stream: ServerHttp2Stream, drop: () => void) => unknown;

export interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  /** What a unary call is answered over HTTP. */
  readonly status: number;
  /** Streams have any number of messages: no fault there. */
  readonly isUnaryOnly?: true;
}

/** An item whose item_id is `a`. */
export const ITEM = Buffer.from([0x0a, 1, 0x61]);
const HEAD = { ':status': 200, 'content-type': 'application/grpc' };
const GZIP = { 'grpc-encoding': 'gzip' };

const say = (answer: GrpcAnswer): Fault => {
  return (stream) => sendGrpc(stream, answer);
};
const status = (code: string, more: object = {}): Fault => {
  return say({ trailers: { 'grpc-status': code, ...more } });
};
const html = (code: number): Fault => {
  return (stream) => {
    stream.respond({ ':status': code, 'content-type': 'text/html' });
    stream.end('<html><body>10.1.2.3 says no</body></html>');
  };
};

/** Part of a frame, then something else. */
function afterPart(stream: ServerHttp2Stream, step: () => void): void {
  stream.respond(HEAD);
  stream.write(frame(ITEM, { length: 100 }), () => setTimeout(step, 10));
}

/** A second answer long after the first, on a call that the server never ends. */
function answerLate(stream: ServerHttp2Stream): void {
  stream.respond(HEAD);
  stream.write(frame(ITEM));
  setTimeout(() => stream.write(frame(ITEM)), 50);
}

/** gzip, then what no gzip has. */
const corrupt = () => {
  const bytes = gzipSync(Buffer.alloc(2000, 'a'));
  bytes.fill(0xff, 12, 20);
  return frame(bytes, { flag: 1 });
};

const broken = (name: string, fault: Fault): FaultCase => ({ name, fault, status: 500 });
const unreachable = (name: string, fault: Fault): FaultCase => ({ name, fault, status: 503 });
const missing = (name: string, chunks: Buffer[]): FaultCase => {
  return { name, fault: say({ chunks }), status: 501, isUnaryOnly: true };
};

const compression: FaultCase[] = [
  broken('corrupt gzip', say({ headers: GZIP, chunks: [corrupt()] })),
  broken('no gzip at all', say({ headers: GZIP, chunks: [frame(ITEM, { flag: 1 })] })),
  broken(
    'gzip cut short',
    say({ headers: GZIP, chunks: [frame(gzipSync(ITEM).subarray(0, 15), { flag: 1 })] }),
  ),
  broken(
    'an unknown compression',
    say({ headers: { 'grpc-encoding': 'br' }, chunks: [frame(ITEM, { flag: 1 })] }),
  ),
  broken('a compression that is not named', say({ chunks: [frame(ITEM, { flag: 1 })] })),
];

const messages: FaultCase[] = [
  {
    name: 'a length prefix over the limit',
    fault: say({ chunks: [frame(ITEM, { length: 0xffffffff })] }),
    status: 429,
  },
  missing('a length prefix beyond what comes', [frame(ITEM, { length: 100 })]),
  missing('half a frame head', [Buffer.from([0, 0])]),
  missing('no message', []),
  missing('a second message', [frame(ITEM), frame(ITEM)]),
  { name: 'a late second message', fault: answerLate, status: 501, isUnaryOnly: true },
  broken('undecodable bytes', say({ chunks: [frame(Buffer.from([0xff, 0xff, 0xff]))] })),
  broken('a field cut short', say({ chunks: [frame(Buffer.from([0x0a, 100, 0x61]))] })),
];

const statuses: FaultCase[] = [
  broken('no status', say({ chunks: [frame(ITEM)], trailers: {} })),
  broken('a status that is no number', status('fine')),
  broken('a negative status', status('-1')),
  broken('a status beyond all integers', status('9'.repeat(40))),
  broken('an unknown code', status('99', { 'grpc-message': 'odd' })),
  {
    name: 'a message that does not decode',
    fault: status('3', { 'grpc-message': '%zz%' }),
    status: 400,
  },
  { name: 'an HTML 502', fault: html(502), status: 503 },
  { name: 'an HTML 401', fault: html(401), status: 401 },
  { name: 'an HTML 200', fault: html(200), status: 429 },
  broken('a bare 500', (s) => s.respond({ ':status': 500 }, { endStream: true })),
  broken('a redirect', (s) => s.respond({ ':status': 302, location: '/x' }, { endStream: true })),
];

const connections: FaultCase[] = [
  broken('RST_STREAM before the head', (stream) => stream.close(2)),
  broken('RST_STREAM after the head', (stream) => afterPart(stream, () => stream.close(8))),
  unreachable('a refused stream', (stream) => stream.close(7)),
  broken('GOAWAY with an error', ({ session }) => session?.goaway(2)),
  unreachable('GOAWAY and the end', ({ session }) => {
    session?.goaway(0);
    session?.destroy();
  }),
  unreachable('a dropped connection', (_stream, drop) => drop()),
  unreachable('a connection dropped in a frame', afterPart),
];

/** Answers that no gRPC server should give. */
export const FAULTS: readonly FaultCase[] = [
  ...compression,
  ...messages,
  ...statuses,
  ...connections,
];
