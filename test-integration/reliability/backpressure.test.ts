import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ServerResponse } from 'node:http';
import { eventually } from '../../test/servers/eventually';
import { startGateway } from '../../test/servers/start-gateway';
import { startUpstream } from '../../test/servers/start-upstream';
import { READERS, startReading, untilStill } from './backpressure-streams';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

/** An upstream that begins an answer and goes no further. */
async function startBegun(headers: Record<string, string> = {}) {
  const open: ServerResponse[] = [];
  const { url } = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    response.write('one');
    open.push(response);
  });
  return { url, response: () => open[0]! };
}

promise('C5', 'A REST stream that fails under way is cut: it never looks complete.', (express) => {
  const failures: [string, (response: ServerResponse) => void, object][] = [
    ['the upstream closes', (response) => void response.destroy(), {}],
    ['the upstream resets', ({ socket }) => void socket?.resetAndDestroy(), {}],
    ['it is shorter than declared', ({ socket }) => void socket?.end(), { 'content-length': '9' }],
    ['the upstream falls silent', () => undefined, {}],
    ['what comes is no chunk', ({ socket }) => void socket?.write('no chunk\r\n'), {}],
  ];
  const all = READERS.flatMap((reader) => failures.map((one) => [reader, ...one] as const));
  test.each(all)('%s, %s', async (reader, _name, fail, headers) => {
    const { url, response } = await startBegun({ ...headers });
    const { stream } = await startReading(url, reader, { express, timeout: 400 });
    const chunks: unknown[] = [];
    stream.on('data', (chunk) => chunks.push(String(chunk)));
    await eventually(() => chunks.length === 1);
    const closed = once(response(), 'close');
    fail(response());
    await eventually(() => stream.closed);
    expect(chunks).toEqual(['one']);
    expect(stream.readableEnded && stream.complete !== false).toBe(false);
    await closed;
  });
});

promise('C5', 'A reader of a REST stream that leaves cancels the upstream.', (express) => {
  test.each(READERS)('%s', async (reader) => {
    const { url, response } = await startBegun();
    const { stream, leave } = await startReading(url, reader, { express });
    await once(stream, 'data');
    const closed = once(response(), 'close');
    leave();
    await closed;
    expect(response().writableFinished).toBe(false);
  });

  test('a browser, before anything has come', async () => {
    const open: ServerResponse[] = [];
    const upstream = await startUpstream((_request, response) => {
      response.flushHeaders();
      open.push(response);
    });
    const run = { method: 'GET', path: '/', responseType: 'stream', timeout: 600_000 } as const;
    const schemas = { root: { s: { endpoints: upstream.url, actions: { run } } } };
    const { port } = await startGateway(schemas, {}, { express });
    const sent = httpRequest({ port, path: '/gateway/s/run', method: 'POST', agent: false });
    sent.on('error', () => undefined).end();
    await eventually(() => open.length === 1);
    const closed = once(open[0]!, 'close');
    sent.destroy();
    await closed;
    expect(open[0]!.writableFinished).toBe(false);
  });
});

const MB = 1024 * 1024;

promise('C5', 'A reader of a REST stream that pauses holds the upstream back.', (express) => {
  test.each(READERS)('%s', async (reader) => {
    let sent = 0;
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200);
      const feed = () => {
        do sent += 65_536;
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', feed);
      feed();
    });
    const { stream, leave } = await startReading(upstream.url, reader, { express });
    stream.pause();
    await untilStill(() => sent, 500 * MB);
    expect(sent).toBeLessThan(40 * MB);
    const held = sent;
    stream.resume();
    await eventually(() => sent > held + MB);
    leave();
    await eventually(() => upstream.sockets.size === 0);
  });
});
