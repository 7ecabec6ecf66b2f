import type { Socket } from 'node:net';
import { startRawUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** Writes a byte now and then, for ever. */
function trickle(socket: Socket, text: string) {
  socket.write(text);
  const timer = setInterval(() => socket.write('a'), 20);
  socket.once('close', () => clearInterval(timer));
}

test.each<[string, (socket: Socket) => void]>([
  ['accepts and is silent', () => undefined],
  ['trickles its head', (socket) => trickle(socket, `${head}x-slow: `)],
  ['trickles its body', (socket) => trickle(socket, `${head}content-length: 100000\r\n\r\n"`)],
  ['stops within its body', (socket) => socket.write(`${head}content-length: 9\r\n\r\n"`)],
  [
    'trickles an error',
    (socket) => trickle(socket, 'HTTP/1.1 500 X\r\ncontent-length: 9999\r\n\r\n'),
  ],
  ['says 100 Continue and no more', (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n')],
])('U1, U2 an upstream that %s is a 504, and is left', async (_kind, serve) => {
  const upstream = await startRawUpstream((socket) => socket.once('data', () => serve(socket)));
  const { post, call } = await startRestAction(upstream.url, { timeout: 300 });
  const answer = await post();
  expect(answer.status).toBe(504);
  expect(answer.json).toMatchObject({ status: 504, code: 'ECONNABORTED' });
  expect(answer.text).not.toMatch(/127\.0\.0\.1|\/run/);
  expect((await failureOf(call({ timeout: 100 }))).error.status).toBe(504);
  while (upstream.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});
