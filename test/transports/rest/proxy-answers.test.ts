import { connect } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { eventually } from '../../servers/eventually';
import { startProxy, startRawServer } from '../../servers/start-proxy';
import { startRawAnswer } from '../../servers/start-raw-answer';
import { startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT', 'PURGE'])(
  '%s goes upstream with its body and comes back',
  async (method) => {
    const upstream = await startUpstream(({ body }, response) => response.end(`<${String(body)}>`));
    const { send } = await startProxy(upstream.url);
    const headers = { 'content-length': '5' };
    expect((await send(method, '/files/a', headers, 'hello')).text).toBe('<hello>');
    expect(upstream.last).toMatchObject({ method, url: '/a' });
    expect((await send(method, '/files/a')).text).toBe('<>');
  },
);

test.each([
  200, 201, 206, 226, 299, 300, 301, 302, 303, 307, 308, 400, 401, 404, 418, 429, 500, 503, 599,
])('status %i is passed on with its body and headers, and followed nowhere', async (status) => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/', 'x-a': '1' }).end('said');
  });
  const { send } = await startProxy(upstream.url);
  const answer = await send('GET', '/files/a');
  expect([answer.status, answer.text, answer.headers['x-a']]).toEqual([status, 'said', '1']);
  expect(answer.headers.location).toBe('http://127.0.0.1:1/');
  expect(upstream.requests).toHaveLength(1);
});

test('HEAD has the headers of GET and no body', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-length', '1000').setHeader('etag', '"e"').end();
  });
  const { send } = await startProxy(upstream.url);
  const answer = await send('HEAD', '/files/a');
  expect(answer).toMatchObject({ status: 200, text: '' });
  expect(answer.headers).toMatchObject({ 'content-length': '1000', etag: '"e"' });
});

test.each([
  [204, 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nx-a: 1\r\n\r\n', undefined],
  [304, 'HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\netag: "e"\r\nx-a: 1\r\n\r\n', '99'],
])('%i has no body, and leaves the connections usable', async (status, bytes, length) => {
  const upstream = await startRawAnswer(bytes, 'stay');
  const { port } = await startProxy(upstream.url);
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  for (const count of [1, 2]) {
    socket.write('GET /files/a HTTP/1.1\r\nhost: a\r\nif-none-match: "e"\r\n\r\n');
    await eventually(
      () => text.split(`HTTP/1.1 ${status}`).length === count + 1 && text.endsWith('\r\n\r\n'),
    );
  }
  socket.destroy();
  expect(/content-length: (\d+)/i.exec(text)?.[1]).toBe(length);
  expect(text).toContain('x-a: 1');
});

test('ranges and conditions are between client and upstream', async () => {
  const upstream = await startUpstream(({ headers }, response) => {
    if (headers['if-match']) return response.writeHead(412).end();
    return response
      .writeHead(206, {
        'content-range': 'bytes 0-1/10',
        'accept-ranges': 'bytes',
        'content-length': 2,
      })
      .end('ab');
  });
  const { send } = await startProxy(upstream.url);
  const part = await send('GET', '/files/a', { range: 'bytes=0-1' });
  expect(part).toMatchObject({ status: 206, text: 'ab' });
  expect(part.headers).toMatchObject({ 'content-range': 'bytes 0-1/10', 'accept-ranges': 'bytes' });
  expect((await send('PUT', '/files/a', { 'if-match': '"x"' }, 'b')).status).toBe(412);
});

test.each([
  ['gzip', gzipSync('hello'.repeat(99))],
  ['br', brotliCompressSync('hello'.repeat(99))],
  ['made-up', Buffer.from([0, 1, 2, 255])],
])('a body coded as %s is passed on untouched, both ways', async (coding, bytes) => {
  const upstream = await startUpstream(({ body }, response) => {
    response
      .writeHead(200, { 'content-encoding': coding, 'content-length': body.length })
      .end(body);
  });
  const { send } = await startProxy(upstream.url);
  const answer = await send('POST', '/files/a', { 'content-encoding': coding }, bytes);
  expect(answer.headers).toMatchObject({
    'content-encoding': coding,
    'content-length': `${bytes.length}`,
  });
  expect(answer.body.equals(bytes)).toBe(true);
  expect(upstream.last.headers['content-encoding']).toBe(coding);
});

test('bodies larger than responseBytes, and JSON that is none, are not looked at', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":'.repeat(50));
  });
  const { send } = await startProxy(upstream.url, { config: { limits: { responseBytes: 10 } } });
  expect((await send('GET', '/files/a')).text).toBe('{"a":'.repeat(50));
});

test('chunks stay chunks, lengths stay lengths', async () => {
  const upstream = await startUpstream(({ headers, body }, response) => {
    if (headers['content-length']) response.setHeader('content-length', body.length);
    response.write(body);
    response.end();
  });
  const { send } = await startProxy(upstream.url);
  const sized = await send('POST', '/files/a', { 'content-length': '3' }, 'abc');
  expect(sized.headers).toMatchObject({ 'content-length': '3' });
  expect(upstream.last.headers).not.toHaveProperty('transfer-encoding');
  const chunked = await send('POST', '/files/a', { 'transfer-encoding': 'chunked' }, 'abc');
  expect(chunked.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
  expect(chunked.headers).not.toHaveProperty('content-length');
  expect(upstream.last.headers['transfer-encoding']).toBe('chunked');
  expect([sized.text, chunked.text]).toEqual(['abc', 'abc']);
});

test('trailers of the answer follow it, without those of framing', async () => {
  const upstream = await startRawAnswer(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n2\r\nok\r\n0\r\n' +
      'x-sum: 1\r\nx-sum: 2\r\ncontent-encoding: gzip\r\nkeep-alive: timeout=9\r\n\r\n',
    'stay',
  );
  const { send } = await startProxy(upstream.url);
  const { text, trailers } = await send('GET', '/files/a');
  expect(text).toBe('ok');
  expect(trailers).toEqual({ 'x-sum': '1, 2' });
});

test('an HTTP/1.0 client gets a plain body that ends with the connection', async () => {
  const upstream = await startRawAnswer(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-sum: 1\r\n\r\n',
    'stay',
  );
  const { port } = await startProxy(upstream.url);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /files/a HTTP/1.0\r\nhost: a\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text.split('\r\n\r\n')[1]).toBe('ok');
});

test('informational answers are left out, the final one passes', async () => {
  const upstream = await startRawAnswer(
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    'stay',
  );
  const { send } = await startProxy(upstream.url);
  expect(await send('GET', '/files/a')).toMatchObject({ status: 200, text: 'ok' });
});

test('connections are kept and shared with REST actions of the gateway', async () => {
  const upstream = await startUpstream();
  const { send, gateway } = await startProxy(upstream.url);
  for (let count = 0; count < 5; count++) await send('GET', `/files/${count}`);
  await (gateway.api as any).files.list();
  expect(upstream.requests).toHaveLength(6);
  expect(upstream.connectionCount).toBe(1);
});

test('no upstream gets a request before its turn: upstreamSockets and queue hold', async () => {
  const held: (() => void)[] = [];
  const upstream = await startRawServer((_request, response) => {
    held.push(() => response.end('ok'));
  });
  const config = { limits: { upstreamSockets: 1, queue: 1 } };
  const { send } = await startProxy(upstream.url, { config });
  const first = send('GET', '/files/1');
  await eventually(() => held.length === 1);
  const settled: number[] = [];
  const rest = [send('GET', '/files/2'), send('GET', '/files/3')];
  rest.forEach((one) => void one.then(({ status }) => settled.push(status)));
  await eventually(() => settled.length === 1);
  expect(settled).toEqual([503]);
  held[0]?.();
  expect((await first).text).toBe('ok');
  await eventually(() => held.length === 2);
  held[1]?.();
  await Promise.all(rest);
  expect(settled).toEqual([503, 200]);
});
