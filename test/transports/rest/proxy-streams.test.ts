import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '../../servers/eventually';
import { answerOf, readAnswer, startProxy, startRawServer } from '../../servers/start-proxy';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, 'abcdefgh');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Of buffers, without what is only waiting to be collected. */
function liveBytes(): number {
  // Buffers are swept in the background; the second waits for what the first has begun.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

function pieces(bytes: number, onPiece: () => void = () => undefined): Readable {
  let left = bytes;
  return new Readable({
    read() {
      onPiece();
      left -= PIECE.length;
      this.push(left >= 0 ? PIECE : null);
    },
  });
}

test.each([['chunked'], ['sized']])(
  '50 MB go up and come back (%s) without being held in memory',
  async (framing) => {
    const hash = createHash('sha1');
    const upstream = await startRawServer((request, response) => {
      request.on('data', (chunk: Buffer) => hash.update(chunk));
      request.pipe(response);
    });
    const { open } = await startProxy(upstream.url);
    let peak = 0;
    let count = 0;
    const observe = () => (peak = count++ % 80 === 0 ? Math.max(peak, liveBytes()) : peak);
    const before = liveBytes();
    const bytes = 50 * MIB;
    const request = open(
      'PUT',
      '/files/a',
      framing === 'sized' ? { 'content-length': `${bytes}` } : {},
    );
    pieces(bytes, observe).pipe(request);
    const back = createHash('sha1');
    let received = 0;
    for await (const chunk of await answerOf(request)) {
      received += (chunk as Buffer).length;
      back.update(chunk as Buffer);
    }
    expect(received).toBe(bytes);
    expect(back.digest('hex')).toBe(hash.digest('hex'));
    expect(peak - before).toBeLessThan(10 * MIB);
  },
);

test('an upstream that does not read holds the client back (RELIABILITY C5)', async () => {
  let release: () => void = () => undefined;
  const upstream = await startRawServer((request, response) => {
    request.pause();
    release = () => void request.resume().on('end', () => response.end('done'));
  });
  const { open } = await startProxy(upstream.url);
  let sent = 0;
  const bytes = 100 * MIB;
  const request = open('POST', '/files/a');
  const answer = answerOf(request);
  pieces(bytes, () => (sent += PIECE.length)).pipe(request);
  await standstill(() => sent);
  expect(sent).toBeLessThan(60 * MIB);
  release();
  expect((await readAnswer(await answer)).text).toBe('done');
  expect(sent).toBeGreaterThan(bytes);
});

test('a client that does not read holds the upstream back (RELIABILITY C5)', async () => {
  let sent = 0;
  const bytes = 100 * MIB;
  const upstream = await startRawServer((_request, response) => {
    pieces(bytes, () => (sent += PIECE.length)).pipe(response);
  });
  const { open } = await startProxy(upstream.url);
  const request = open('GET', '/files/a');
  request.end();
  const answer = await answerOf(request);
  await standstill(() => sent);
  expect(sent).toBeLessThan(60 * MIB);
  let received = 0;
  for await (const chunk of answer) received += (chunk as Buffer).length;
  expect(received).toBe(bytes);
});

/** Until a count has stood still for a while. */
async function standstill(read: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  while (same < 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    same = read() === last && last > 0 ? same + 1 : 0;
    last = read();
  }
}

test('the head does not wait for the body, nor a piece for the next', async () => {
  const upstream = await startRawServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    request.on('data', (chunk: Buffer) => response.write(`<${String(chunk)}>`));
    request.on('end', () => response.end('bye'));
  });
  const { open } = await startProxy(upstream.url);
  const request = open('POST', '/files/a');
  const answering = answerOf(request);
  request.write('one');
  const answer = await answering;
  let text = '';
  answer.on('data', (chunk: Buffer) => (text += String(chunk)));
  await eventually(() => text === '<one>');
  request.write('two');
  await eventually(() => text === '<one><two>');
  request.end();
  await eventually(() => text.endsWith('bye'));
});

test('an answer that ends before the request does is passed on, and the client may go on', async () => {
  const upstream = await startRawServer((_request, response) => {
    response.writeHead(413, { connection: 'close' }).end('too large');
  });
  const { port } = await startProxy(upstream.url);
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += String(chunk)));
  socket.write('POST /files/a HTTP/1.1\r\nhost: a\r\ncontent-length: 8000000\r\n\r\n');
  socket.write(PIECE);
  await eventually(() => text.includes('too large'));
  expect(text).toContain('HTTP/1.1 413');
  for (let left = 8_000_000 - PIECE.length; left > 0; left -= PIECE.length) {
    socket.write(PIECE.subarray(0, left));
  }
  socket.write('POST /files/b HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n');
  await eventually(() => text.split('too large').length === 3);
  socket.destroy();
});

test.each([['close'], ['keep-alive']])(
  'a 413 in the midst of a large upload is heard (connection: %s)',
  async (connection) => {
    const upstream = await startRawServer((request, response) => {
      request.once('data', () => response.writeHead(413, { connection }).end('too large'));
    });
    const { open } = await startProxy(upstream.url);
    for (let count = 0; count < 20; count++) {
      const request = open('POST', '/files/a');
      const answer = answerOf(request);
      pieces(5 * MIB).pipe(request);
      expect(await readAnswer(await answer)).toMatchObject({ status: 413, text: 'too large' });
    }
  },
);

test('a client may wait with its body for 100 Continue', async () => {
  const upstream = await startRawServer((request, response) => void request.pipe(response));
  const { port } = await startProxy(upstream.url);
  expect(await converse(port)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
});

test('a server that asks itself says 100 Continue once interceptors let the call pass', async () => {
  const seen: unknown[] = [];
  const upstream = await startRawServer((request, response) => {
    seen.push(request.headers.expect);
    request.pipe(response);
  });
  let isOpen = true;
  const guard = (next: any) => (call: any) => {
    if (!isOpen) throw Object.assign(new Error('no'), { status: 403 });
    return next(call);
  };
  const { port, server, app } = await startProxy(upstream.url, {
    definition: { interceptors: [guard] },
  });
  server.on('checkContinue', app);
  expect(await converse(port)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(seen).toEqual([undefined]);
  isOpen = false;
  expect(await converse(port)).toMatch(/^HTTP\/1\.1 403/);
  expect(seen).toHaveLength(1);
});

/** Sends the body when it is asked to, and gives what came back. */
async function converse(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isSent = false;
  socket.on('data', (chunk: Buffer) => {
    text += String(chunk);
    if (text.includes('100 Continue') && !isSent) socket.write('hello');
    isSent ||= text.includes('100 Continue');
  });
  socket.write(
    'POST /files/a HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n',
  );
  await eventually(() => text.includes('hello') || text.includes('"code"'));
  socket.destroy();
  return text;
}
