import type { ServerHttp2Stream } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { eventually } from '../../servers/eventually';
import { startHttp2Upstream, frame } from '../../servers/start-http2-upstream';
import { watchProcess } from '../../servers/watch-process';
import { startShopAt } from './start-shop';

watchProcess();

const head = { ':status': 200, 'content-type': 'application/grpc' };
const ok = { 'grpc-status': '0' };
/** An item whose item_id is `a`. */
const item = Buffer.from([0x0a, 1, 0x61]);

/** Head, bytes, trailers, as a server of gRPC sends them. */
function send(stream: ServerHttp2Stream, headers: object, bytes: Buffer[], trailers: object = ok) {
  stream.respond({ ...head, ...headers }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers as never));
  for (const chunk of bytes) stream.write(chunk);
  stream.end();
}

type Fault = (stream: ServerHttp2Stream, drop: () => void) => unknown;
const gzip = { 'grpc-encoding': 'gzip' };

const faults: [name: string, fault: Fault][] = [
  ['corrupt compression', (s) => send(s, gzip, [frame(Buffer.from('junk'), { flag: 1 })])],
  [
    'compression cut short',
    (s) => send(s, gzip, [frame(gzipSync(item).subarray(0, 15), { flag: 1 })]),
  ],
  ['an unknown encoding', (s) => send(s, { 'grpc-encoding': 'br' }, [frame(item, { flag: 1 })])],
  ['compression without an encoding', (s) => send(s, {}, [frame(item, { flag: 1 })])],
  ['a frame over the limit', (s) => send(s, {}, [frame(item, { length: 0xffffffff })])],
  ['a frame longer than what comes', (s) => send(s, {}, [frame(item, { length: 100 })])],
  ['half a frame head', (s) => send(s, {}, [Buffer.from([0, 0])])],
  ['no message', (s) => send(s, {}, [])],
  ['a second message', (s) => send(s, {}, [frame(item), frame(item)])],
  ['no status', (s) => send(s, {}, [frame(item)], {})],
  ['a status that is no number', (s) => send(s, {}, [], { 'grpc-status': 'fine' })],
  ['an unknown code', (s) => send(s, {}, [], { 'grpc-status': '99', 'grpc-message': 'odd' })],
  [
    'a message that is no percent-encoding',
    (s) => send(s, {}, [], { 'grpc-status': '3', 'grpc-message': '%zz%' }),
  ],
  ['undecodable bytes', (s) => send(s, {}, [frame(Buffer.from([0xff, 0xff, 0xff]))])],
  ['a field cut short', (s) => send(s, {}, [frame(Buffer.from([0x0a, 100, 0x61]))])],
  [
    'details that do not decode',
    (s) => send(s, {}, [], { 'grpc-status': '3', 'grpc-status-details-bin': '!!' }),
  ],
  ['an HTML 502', (s) => html(s, 502)],
  ['an HTML 401', (s) => html(s, 401)],
  ['an HTML 200', (s) => html(s, 200)],
  ['a bare 500', (s) => s.respond({ ':status': 500 }, { endStream: true })],
  ['a redirect', (s) => s.respond({ ':status': 302, location: '/x' }, { endStream: true })],
  ['RST_STREAM before the head', (s) => s.close(2)],
  ['RST_STREAM after the head', (s) => cutAfterHead(s, () => s.close(8))],
  ['a refused stream', (s) => s.close(7)],
  ['GOAWAY', (s) => s.session?.goaway(2)],
  ['GOAWAY and the end', (s) => (s.session?.goaway(0), s.session?.destroy())],
  ['a dropped connection', (_s, drop) => drop()],
  ['a connection dropped in a frame', (s, drop) => cutAfterHead(s, drop)],
];

function html(stream: ServerHttp2Stream, status: number) {
  stream.respond({ ':status': status, 'content-type': 'text/html' });
  stream.end('<html><body>10.1.2.3 says no</body></html>');
}

function cutAfterHead(stream: ServerHttp2Stream, cut: () => void) {
  stream.respond(head);
  stream.write(frame(item, { length: 100 }), () => setTimeout(cut, 10));
}

/** Those that are neither 500 of a broken answer nor named here would be a surprise. */
const statuses = new Map([
  ['a frame over the limit', 429],
  ['a frame longer than what comes', 501],
  ['half a frame head', 501],
  ['no message', 501],
  ['a second message', 501],
  ['a message that is no percent-encoding', 400],
  ['details that do not decode', 400],
  ['an HTML 502', 503],
  ['an HTML 401', 401],
  ['an HTML 200', 429],
  ['a refused stream', 503],
  ['GOAWAY and the end', 503],
  ['a dropped connection', 503],
  ['a connection dropped in a frame', 503],
]);

test.each(faults)('R2 %s: a coded failure, and the next call works', async (name, fault) => {
  let isFaulty = true;
  const upstream = await startHttp2Upstream((stream, drop) => {
    if (isFaulty) fault(stream, drop);
    else send(stream, {}, [frame(item)]);
  });
  const gateway = await startShopAt(upstream.address, { config: { timeout: 3000 } });
  const answer = await gateway.post('items/get');
  expect(answer).toMatchObject({
    status: statuses.get(name) ?? 500,
    json: { code: 'GATEWAY_REQUEST_ERROR', details: { grpcCode: expect.any(Number) } },
  });
  expect(answer.json.message).toMatch(/\w/);
  expect(answer.text).not.toMatch(/undefined|10\.1\.2\.3|127\.0\.0\.1|\/lib\/|node_modules/);
  isFaulty = false;
  let next = await gateway.post('items/get');
  for (let tries = 0; next.status !== 200 && tries < 50; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    next = await gateway.post('items/get');
  }
  expect(next.json.itemId).toBe('a');
});

test.each(faults.filter(([name]) => name !== 'a second message'))(
  'R2 %s in a server stream ends it once, and no error goes uncaught',
  async (_name, fault) => {
    const upstream = await startHttp2Upstream(fault);
    const { items, stats, ctx, contexts } = await startShopAt(upstream.address);
    const { stream } = await items.watch!({ timeout: 3000, ctx });
    stream.resume();
    await eventually(() => stats.length > 0);
    await new Promise(setImmediate);
    expect(stats).toHaveLength(1);
    expect(contexts().map(({ ends }) => ends)).toEqual([1]);
  },
);
