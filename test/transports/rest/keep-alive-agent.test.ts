import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { eventually } from '../../servers/eventually';
import { failureOf, startRestAction } from '../../servers/start-rest-action';
import { sendJson, startRawUpstream, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

/** Answers every request with `answer`, told how many the connection has had before. */
async function startCounting(answer: (socket: Socket, earlier: number) => void) {
  let requests = 0;
  let connections = 0;
  const upstream = await startRawUpstream((socket) => {
    connections++;
    let earlier = 0;
    socket.on('data', () => {
      requests++;
      answer(socket, earlier++);
    });
  });
  return { ...upstream, counts: () => ({ requests, connections }) };
}

test('L1: sequential GETs use one connection', async () => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url);
  for (let n = 0; n < 100; n++) await call();
  expect(upstream.connectionCount).toBe(1);
});

test('L1: sequential POSTs soon use few connections', async () => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url, { method: 'POST' });
  for (let n = 0; n < 200; n++) await call();
  const settled = upstream.connectionCount;
  for (let n = 0; n < 200; n++) await call();
  expect(upstream.requests).toHaveLength(400);
  expect(settled).toBeLessThan(100);
  expect(upstream.connectionCount - settled).toBeLessThan(20);
});

test.each(['PUT', 'DELETE', 'OPTIONS'] as const)('L1: %s reuses too', async (method) => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url, { method });
  for (let n = 0; n < 10; n++) await call();
  expect(upstream.connectionCount).toBe(1);
});

test.each(['GET', 'PUT', 'DELETE'] as const)(
  'a %s that is lost on a reused connection is sent again on a new one',
  async (method) => {
    const upstream = await startCounting((socket, earlier) => {
      if (earlier === 0) socket.write(OK);
      else socket.destroy();
    });
    const { call } = await startRestAction(upstream.url, { method });
    await Promise.all([call(), call(), call(), call()]);
    await expect(call()).resolves.toMatchObject({ responseData: {} });
    expect(upstream.counts()).toEqual({ requests: 6, connections: 5 });
  },
);

test('a GET that is lost on a new connection is not sent again', async () => {
  const upstream = await startCounting((socket) => socket.destroy());
  const { call } = await startRestAction(upstream.url);
  expect((await failureOf(call())).error).toMatchObject({ status: 502, code: 'ECONNRESET' });
  expect(upstream.counts().requests).toBe(1);
});

test('a GET is sent again once only, and not after an answer has begun', async () => {
  const upstream = await startCounting((socket, earlier) => {
    if (earlier === 0) socket.write(OK);
    else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
  });
  const { call } = await startRestAction(upstream.url);
  await call();
  expect((await failureOf(call())).error).toMatchObject({ status: 502, code: 'ECONNRESET' });
  expect(upstream.counts().requests).toBe(2);
});

test('a POST is not sent twice when its connection is lost', async () => {
  const bodies: string[] = [];
  const upstream = await startUpstream(({ json }, response, { socket }) => {
    bodies.push(json.id);
    if (json.isLost) socket.destroy();
    else sendJson(response, {});
  });
  const { call } = await startRestAction(upstream.url, {
    method: 'POST',
    params: (args: object) => ({ body: args }),
  });
  for (let id = 0; id < 60; id++) await call({ args: { id } });
  await new Promise((resolve) => setTimeout(resolve, 30));
  await call({ args: { id: 60 } });
  const { error } = await failureOf(call({ args: { id: 61, isLost: true } }));
  expect(error).toMatchObject({ status: 502, code: 'ECONNRESET' });
  expect(bodies).toEqual(Array.from({ length: 62 }, (_, id) => id));
});

describe('U9: an idle connection with unread bytes', () => {
  const STRAY = OK.replace('{}', '[]');

  test('is closed', async () => {
    const upstream = await startCounting((socket) => socket.write(OK));
    const { call } = await startRestAction(upstream.url);
    await call();
    const [socket] = upstream.sockets;
    socket?.write(STRAY);
    await eventually(() => upstream.sockets.size === 0);
    expect(await call()).toMatchObject({ responseData: {} });
    expect(upstream.counts()).toEqual({ requests: 2, connections: 2 });
  });

  test('is not used by a call made before the bytes were seen', async () => {
    const upstream = await startCounting((socket) => socket.write(OK));
    const { call } = await startRestAction(upstream.url);
    await call();
    const [socket] = upstream.sockets;
    socket?.write(STRAY);
    expect(await call()).toMatchObject({ responseData: {} });
    expect(upstream.counts()).toEqual({ requests: 2, connections: 2 });
  });

  test('that came with the answer is not used again', async () => {
    const upstream = await startCounting((socket) => socket.write(OK + STRAY));
    const { call } = await startRestAction(upstream.url);
    await call().catch(() => undefined);
    await call().catch(() => undefined);
    expect(upstream.counts()).toEqual({ requests: 2, connections: 2 });
  });
});

test('U11: a call made while an end has arrived unseen goes on a new connection', async () => {
  const upstream = await startCounting((socket) => socket.write(OK));
  const { call } = await startRestAction(upstream.url, { method: 'PUT' });
  await call();
  const [socket] = upstream.sockets;
  socket?.end();
  await call();
  expect(upstream.counts()).toEqual({ requests: 2, connections: 2 });
});

test('an answer that says Connection: close ends the connection', async () => {
  const upstream = await startUpstream((_request, response: ServerResponse) => {
    response.setHeader('connection', 'close');
    sendJson(response, {});
  });
  const { call } = await startRestAction(upstream.url);
  for (let n = 0; n < 3; n++) await call();
  expect(upstream.connectionCount).toBe(3);
});
