import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawHttp } from '../servers/start-raw-answer';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startRawUpstream } from '../servers/start-upstream';

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
const ANSWER = rawHttp.sized(7, '{"a":1}');

async function startCounting(serve: (socket: Socket) => unknown) {
  let requests = 0;
  const { url } = await startRawUpstream((socket) =>
    socket.on('data', () => {
      requests++;
      serve(socket);
    }),
  );
  return { url, count: () => requests };
}

describe.each(['GET', 'POST'] as const)('%s', (method) => {
  test.each([
    ['100 Continue', CONTINUE],
    ['103 Early Hints', HINTS],
    ['one after another', HINTS + CONTINUE + CONTINUE],
    ['a flood', CONTINUE.repeat(5000)],
  ])('the answer behind %s counts, and the request is sent once', async (_kind, before) => {
    const { url, count } = await startCounting((socket) => socket.write(before + ANSWER));
    const { call } = await startRestAction(url, { method });
    for (let sent = 1; sent <= 20; sent++) {
      expect(await call()).toMatchObject({ responseData: { a: 1 } });
      expect(count()).toBe(sent);
    }
  });

  test('they may come in pieces', async () => {
    const { url } = await startCounting(async (socket) => {
      for (const piece of (CONTINUE + HINTS).match(/[^]{1,5}/g) ?? []) {
        socket.write(piece);
        await sleep(2);
      }
      socket.write(ANSWER);
    });
    const { call } = await startRestAction(url, { method });
    expect(await call()).toMatchObject({ responseData: { a: 1 } });
  });

  test.each([
    ['101 that nobody asked for', 'HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['100 Continue in an endless head', `HTTP/1.1 100 Continue\r\nx: ${'a'.repeat(50_000)}`],
  ])('a %s is a 502, and the request is sent once', async (_kind, bytes) => {
    const { url, count } = await startCounting((socket) => socket.write(bytes));
    const { call } = await startRestAction(url, { method });
    expect((await failureOf(call())).error.status).toBe(502);
    expect(count()).toBe(1);
  });
});

test('a body that looks like one is not touched', async () => {
  const text = JSON.stringify(CONTINUE);
  const head = `${rawHttp.ok}content-length: ${CONTINUE.length + text.length}\r\n\r\n`;
  const { url } = await startCounting(async (socket) => {
    socket.write(head);
    await sleep(20);
    socket.write(CONTINUE);
    await sleep(20);
    socket.write(text);
  });
  const { call } = await startRestAction(url, { responseType: 'text' });
  expect(await call()).toMatchObject({ responseData: CONTINUE + text });
});
