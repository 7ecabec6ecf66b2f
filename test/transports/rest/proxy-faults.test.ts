import { connect } from 'node:net';
import { createRecordingContext } from '../../fakes/recording-context';
import { eventually } from '../../servers/eventually';
import { answerOf, readAnswer, startProxy, startRawServer } from '../../servers/start-proxy';
import { startRawAnswer } from '../../servers/start-raw-answer';
import { startRawUpstream, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

async function unusedUrl(): Promise<string> {
  const { url, close } = await startRawUpstream(() => undefined);
  await close();
  return url;
}

test('an upstream that refuses connections is 502 in the gateway’s shape', async () => {
  const { send } = await startProxy(await unusedUrl());
  for (const body of [undefined, 'body']) {
    const { status, json } = await send('POST', '/files/a', {}, body);
    expect(status).toBe(502);
    expect(json).toMatchObject({ code: 'ECONNREFUSED', message: expect.any(String) });
  }
});

test.each([
  ['nothing', '', 'end', 'ECONNRESET'],
  ['a reset', '', 'reset', 'ECONNRESET'],
  ['no HTTP', 'SSH-2.0\r\n\r\n', 'stay', 'INVALID_RESPONSE'],
  ['half a head', 'HTTP/1.1 200 OK\r\nx-a: 1', 'end', 'ECONNRESET'],
  [
    'a status out of range',
    'HTTP/1.1 700 X\r\ncontent-length: 0\r\n\r\n',
    'stay',
    'INVALID_RESPONSE',
  ],
  [
    'a switch of protocols',
    'HTTP/1.1 101 X\r\nupgrade: a\r\nconnection: upgrade\r\n\r\n',
    'stay',
    'INVALID_RESPONSE',
  ],
  [
    'an unknown transfer coding',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'stay',
    'INVALID_RESPONSE',
  ],
  [
    'endless headers',
    `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(40_000)}\r\n\r\n`,
    'stay',
    'HPE_HEADER_OVERFLOW',
  ],
] as const)('an upstream that answers with %s is 502', async (_name, bytes, then, code) => {
  const upstream = await startRawAnswer(bytes, then);
  const { send } = await startProxy(upstream.url);
  const { status, json } = await send('POST', '/files/a', {}, 'body');
  expect([status, json.code]).toEqual([502, code]);
});

test('an upstream without an answer is 504 after the timeout, and its connection ends', async () => {
  const upstream = await startRawServer(() => undefined);
  const { send } = await startProxy(upstream.url, { definition: { timeout: 100 } });
  const { status, json } = await send('GET', '/files/a');
  expect([status, json.code]).toEqual([504, 'ECONNABORTED']);
  await eventually(() => upstream.sockets.size === 0);
});

test.each([
  ['a reset', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart', 'reset'],
  ['an early end', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart', 'end'],
  [
    'an early end of chunks',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n',
    'end',
  ],
  [
    'chunks that are none',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\nzz',
    'stay',
  ],
  ['silence', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart', 'stay'],
] as const)('an answer that is cut by %s is cut for the client', async (_name, bytes, then) => {
  const upstream = await startRawAnswer(bytes, then);
  const recorded = createRecordingContext();
  const stats: any[] = [];
  const { open, send } = await startProxy(upstream.url, {
    definition: { timeout: 300 },
    config: { sendStats: (one) => void stats.push(one) },
    before: (app) =>
      app.use((req: any, _res: any, next: any) => ((req.ctx = recorded.ctx), next())),
  });
  const request = open('GET', '/files/a');
  request.end();
  const answer = await answerOf(request);
  expect(answer.statusCode).toBe(200);
  await expect(readAnswer(answer)).rejects.toThrow('aborted');
  await eventually(() => stats.length === 1);
  expect(stats[0].restStatus).toBeGreaterThanOrEqual(502);
  await eventually(() => upstream.sockets.size === 0);
  expect((await send('GET', '/other')).status).toBe(404);
});

test('a slow answer outlives the timeout as long as it goes on', async () => {
  const upstream = await startRawServer((_request, response) => {
    let count = 0;
    const timer = setInterval(() => {
      if (++count <= 8) return response.write('.');
      clearInterval(timer);
      return response.end();
    }, 200);
  });
  const { send } = await startProxy(upstream.url, { definition: { timeout: 1200 } });
  expect((await send('GET', '/files/a')).text).toBe('........');
});

test.each(['before the head', 'in the answer', 'in its upload'])(
  'a client that leaves %s ends the upstream’s request',
  async (when) => {
    let arrived = 0;
    let closed = 0;
    const upstream = await startRawServer((request, response) => {
      arrived++;
      request.on('error', () => undefined);
      response.on('close', () => closed++);
      if (when === 'in the answer') response.write('first');
    });
    const stats: any[] = [];
    const config = { sendStats: (one: object) => void stats.push(one) };
    const { open } = await startProxy(upstream.url, { config });
    const request = open(
      'POST',
      '/files/a',
      when === 'in its upload' ? { 'content-length': '99' } : {},
    );
    if (when === 'in its upload') request.write('part');
    else request.end();
    if (when === 'in the answer') (await answerOf(request)).on('error', () => undefined).resume();
    await eventually(() => arrived === 1);
    request.destroy();
    await eventually(() => closed === 1 && stats.length === 1);
    expect(stats[0].restStatus).toBe(499);
    await eventually(() => upstream.sockets.size === 0);
  },
);

test('a client that leaves while its call waits for a connection sends nothing', async () => {
  const held: (() => void)[] = [];
  const upstream = await startRawServer(
    (_request, response) => void held.push(() => response.end()),
  );
  const { open, send } = await startProxy(upstream.url, {
    config: { limits: { upstreamSockets: 1 } },
  });
  const first = send('GET', '/files/1');
  await eventually(() => held.length === 1);
  const second = open('POST', '/files/2', { 'content-length': '4' });
  const closed = new Promise((resolve) => second.on('close', resolve));
  second.write('ab');
  await new Promise((resolve) => setTimeout(resolve, 50));
  second.destroy();
  await closed;
  held[0]?.();
  await first;
  const third = send('GET', '/files/3');
  await eventually(() => held.length === 2);
  held[1]?.();
  expect((await third).status).toBe(200);
  expect(held).toHaveLength(2);
});

test('an upload cut by its client never looks whole, and no later request shares its connection', async () => {
  const bodies: string[] = [];
  const upstream = await startUpstream(({ body }, response) => {
    bodies.push(body.toString());
    response.end('ok');
  });
  const { send, port } = await startProxy(upstream.url);
  for (let count = 0; count < 10; count++) {
    await send('POST', '/files/a', {}, 'whole');
    for (const framing of ['content-length: 50', 'transfer-encoding: chunked']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`POST /files/a HTTP/1.1\r\nhost: a\r\n${framing}\r\n\r\n5\r\npart1\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.resetAndDestroy();
    }
  }
  await send('POST', '/files/a', {}, 'whole');
  expect(bodies).toEqual(Array(11).fill('whole'));
});

test('an answer cut by its client leaves no rest for the next one', async () => {
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/long') response.end(Buffer.alloc(5_000_000, 'x'));
    else response.end(`answer to ${url}`);
  });
  const { open, send } = await startProxy(upstream.url);
  for (let count = 0; count < 10; count++) {
    const request = open('GET', '/files/long');
    request.end();
    const answer = await answerOf(request);
    answer.on('error', () => undefined).once('data', () => request.destroy());
    await new Promise((resolve) => answer.on('close', resolve));
    expect((await send('GET', `/files/${count}`)).text).toBe(`answer to /${count}`);
  }
});

test('bytes behind an answer cut it, and never precede the next one', async () => {
  const upstream = await startRawAnswer(
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison',
    'stay',
  );
  const { send } = await startProxy(upstream.url);
  for (let count = 0; count < 3; count++) {
    const text = await send('GET', '/files/a').then(
      (answer) => answer.text,
      () => 'cut',
    );
    expect(text).not.toContain('poison');
  }
});

test('nothing is tried twice, whatever retries say', async () => {
  let count = 0;
  const upstream = await startRawUpstream((socket) => {
    socket.on('data', () => {
      count++;
      socket.resetAndDestroy();
    });
  });
  const { send } = await startProxy(upstream.url);
  expect((await send('GET', '/files/a')).status).toBe(502);
  expect((await send('PUT', '/files/a', {}, 'b')).status).toBe(502);
  expect(count).toBe(2);
});

test('uploads survive an upstream that closes idle connections at once (RELIABILITY U11)', async () => {
  const upstream = await startRawServer((request, response) => {
    request
      .resume()
      .on('end', () => response.end('ok', () => setImmediate(() => request.socket.end())));
  });
  const { send } = await startProxy(upstream.url);
  for (let round = 0; round < 20; round++) {
    const sent = ['POST', 'PUT', 'GET'].map((method) =>
      send(method, '/files/a', {}, method === 'GET' ? undefined : 'body'),
    );
    for (const { status } of await Promise.all(sent)) expect(status).toBe(200);
  }
});

test('after close() a proxy answers 503', async () => {
  const upstream = await startUpstream();
  const { send, gateway } = await startProxy(upstream.url);
  await gateway.close({ graceMs: 0 });
  const { status, json } = await send('GET', '/files/a');
  expect([status, json.code]).toEqual([503, 'GATEWAY_CLOSED']);
});

test('what an interceptor leaves of an answer holds no connection', async () => {
  const upstream = await startRawServer((_request, response) => void response.write('endless'));
  const interceptor = (next: any) => async (call: any) => {
    await next(call);
    throw Object.assign(new Error('late'), { status: 418, code: 'LATE' });
  };
  const { send } = await startProxy(upstream.url, { definition: { interceptors: [interceptor] } });
  expect((await send('GET', '/files/a')).json.code).toBe('LATE');
  await eventually(() => upstream.sockets.size === 0);
});
