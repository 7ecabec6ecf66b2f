import { connect } from 'node:net';
import { gatewayPlugin } from '../../lib';
import { eventually } from '../servers/eventually';
import { startProxy } from '../servers/start-proxy';
import { startUpstream } from '../servers/start-upstream';
import { startVite } from '../servers/start-vite';
import { watchProcess } from '../servers/watch-process';

watchProcess();

/** All that one connection is answered. */
function write(port: number, text: string) {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let answered = '';
  socket.on('data', (piece: string) => (answered += piece));
  socket.write(text);
  return { socket, read: () => answered };
}

test('a connection to Vite answers on after a body that is too long', async () => {
  const schemas = { root: { s: { actions: { echo: (_api: unknown, args: object) => args } } } };
  const { port } = await startVite(gatewayPlugin({ schemas }));
  const body = JSON.stringify({ text: 'a'.repeat(2 * 1024 * 1024) });
  const head = `host: localhost:${port}\r\ncontent-type: application/json\r\n`;
  const { socket, read } = write(
    port,
    `POST /gateway/s/echo HTTP/1.1\r\n${head}content-length: ${body.length}\r\n\r\n${body}` +
      `GET /gateway/s/echo?a=next HTTP/1.1\r\n${head}\r\n`,
  );
  await eventually(() => read().includes('{"a":"next"}'));
  expect(read()).toMatch(/^HTTP\/1.1 413 .*HTTP\/1.1 200 /s);
  socket.destroy();
});

test('a body of a transfer coding that nobody takes off is refused by a proxy', async () => {
  const upstream = await startUpstream();
  const { port } = await startProxy(upstream.url);
  const { socket, read } = write(
    port,
    'POST /files/a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
  );
  await eventually(() => read().includes('TRANSFER_CODING_NOT_SUPPORTED'));
  expect(read()).toMatch(/^HTTP\/1.1 501 /);
  expect(upstream.requests).toEqual([]);
  socket.destroy();
});

test.each(['chunked', 'Chunked'])('transfer-encoding: %s is taken off', async (coding) => {
  const upstream = await startUpstream();
  const { port } = await startProxy(upstream.url);
  const head = `POST /files/a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: ${coding}\r\n`;
  const { socket, read } = write(port, `${head}\r\n1\r\na\r\n0\r\n\r\n`);
  await eventually(() => read().startsWith('HTTP/1.1 200 '));
  expect(upstream.last.body.toString()).toBe('a');
  socket.destroy();
});
