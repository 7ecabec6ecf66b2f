import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../../test/servers/eventually';
import { answerCall, FRAME, http2Frame } from '../../test/servers/http2-frames';
import { frame, sendGrpc, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { startRawUpstream } from '../../test/servers/start-upstream';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { ITEM } from './grpc-faults';
import { promise, promiseOnce } from './promise';

checkLeaks();

const onData = (answer: (socket: Socket) => unknown) => (socket: Socket) => {
  socket.once('data', () => answer(socket));
};

/** What Node finds wrong in HTTP/2 itself it does not tell: such a call lasts until its time is over. */
const brokenBy = (type: number, flags: number, payload: number[]) =>
  answerCall(http2Frame(type, { flags, payload, streamId: 1 }));

/** Node 20 keeps such a breach to itself, until the time is over; later ones tell of it. */
const UNTOLD = Number(process.versions.node.split('.')[0]) >= 22 ? 500 : 504;

const foreign: [name: string, serve: (socket: Socket) => unknown, status: number][] = [
  ['closes at once', (socket) => socket.destroy(), 503],
  ['resets', (socket) => socket.resetAndDestroy(), 503],
  ['says nothing', () => undefined, 504],
  ['closes after the first bytes', onData((socket) => socket.destroy()), 503],
  ['answers in HTTP/1.1', onData((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n')), 503],
  ['greets first', (socket) => socket.write('220 mail ready\r\n'), 503],
  ['asks for TLS', onData((socket) => socket.end(Buffer.from([21, 3, 1, 0, 2, 2, 70]))), 503],
  ['sends headers that do not decode', brokenBy(FRAME.headers, 5, [255, 255, 255]), UNTOLD],
  ['sends data that no headers announced', brokenBy(FRAME.data, 0, [97]), UNTOLD],
  ['announces a frame beyond the limit', answerCall(Buffer.alloc(9, 255)), UNTOLD],
  ['continues headers that never began', brokenBy(FRAME.continuation, 4, [0]), UNTOLD],
  ['pushes', brokenBy(FRAME.push, 4, [0, 0, 0, 2, 0x88]), 500],
];

promise(
  'R2',
  'A server that closes, resets, says nothing, speaks another protocol or breaks HTTP/2 itself: a coded error (503, 500, or 504 where the time of the call is over first), the connection ends, and calls work again when the server does.',
  (express) => {
    test.each(foreign)('a server that %s', async (_name, serve, status) => {
      const { port } = await startHttp2Upstream((stream) => {
        sendGrpc(stream, { chunks: [frame(ITEM)] });
      });
      let isFaulty = true;
      const upstream = await startRawUpstream((socket) => {
        if (isFaulty) serve(socket.resume());
        else socket.pipe(connect(port, '127.0.0.1').on('error', () => undefined)).pipe(socket);
      });
      const { post } = await startShopAt(`127.0.0.1:${upstream.port}`, {
        express,
        config: { timeout: 500 },
      });
      const answer = await post('items/get');
      expect(answer).toMatchObject({
        status,
        json: { code: 'GATEWAY_REQUEST_ERROR', message: expect.stringMatching(/\w/) },
      });
      expect(answer.text).not.toMatch(/127\.0\.0\.1|node_modules/);
      isFaulty = false;
      const greeted = [...upstream.sockets];
      await eventually(() => greeted.every(({ destroyed }) => destroyed));
      while ((await post('items/get')).status !== 200) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
  },
);

function isAtLeast(version: string, floor: string): boolean {
  const [found, wanted] = [version, floor].map((text) => text.split('.').map(Number));
  const at = wanted!.findIndex((part, index) => part !== found![index]);
  return at < 0 || found![at]! > wanted![at]!;
}

const readJson = (path: string) => {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', path), 'utf8'));
};

promiseOnce(
  'R2',
  'grpc-js is 1.14.4 or newer and protobufjs 7.6.6 or newer: both could be crashed from afar before.',
  () => {
    test.each([
      ['@grpc/grpc-js', '1.14.4'],
      ['protobufjs', '7.6.6'],
    ] as const)('%s', (name, floor) => {
      const range: string = readJson('package.json').dependencies[name];
      const { packages } = readJson('package-lock.json');
      expect(range).toMatch(/^\^\d+\.\d+\.\d+$/);
      const locked = Object.entries<{ version?: string }>(packages)
        .filter(([path]) => path.endsWith(`node_modules/${name}`))
        .map(([, { version = '' }]) => version);
      expect(locked).not.toEqual([]);
      const old = [range.slice(1), ...locked].filter((version) => !isAtLeast(version, floor));
      expect(old).toEqual([]);
    });
  },
);
