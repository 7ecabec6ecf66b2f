import { createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { eventually } from '../../test/servers/eventually';
import { frame } from '../../test/servers/start-http2-upstream';
import { listen } from '../../test/servers/start-upstream';
import { startShopAt } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { ITEM } from './grpc-faults';
import { promiseOnce } from './promise';

checkLeaks();

const ENHANCE_YOUR_CALM = 11;

/**
 * Enforces what grpc-go and C++ servers do by default: the third ping within five minutes, or any
 * without a call, ends the connection with GOAWAY and `too_many_pings`.
 */
async function startStrictServer(maxPings: number) {
  const streams: ServerHttp2Stream[] = [];
  let pings = 0;
  const server = createServer();
  server.on('session', (session) => {
    session.on('error', () => undefined);
    session.on('ping', () => {
      pings++;
      const isIdle = !streams.some(({ closed }) => !closed);
      if (isIdle || pings > maxPings)
        session.goaway(ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'));
    });
  });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.resume();
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    streams.push(stream);
  });
  const { port, sockets } = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    streams,
    sockets,
    get pings() {
      return pings;
    },
  };
}

/** A call and a stream that hear nothing for so long, and then an answer. */
async function keepSilent(ms: number, endpoint: object = {}, maxPings = 2) {
  const server = await startStrictServer(maxPings);
  const { items } = await startShopAt(server.address, { endpoint });
  const call = items.get!({ timeout: ms + 30_000 });
  const { stream } = await items.watch!();
  const message = new Promise<any>((resolve, reject) => {
    stream.once('data', resolve).once('error', reject);
  });
  const settled = Promise.allSettled([call, message]);
  await eventually(() => server.streams.length === 2);
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (const one of server.streams) one.end(frame(ITEM));
  return { server, outcomes: (await settled) as any[] };
}

const answered = [
  { status: 'fulfilled', value: { responseData: { itemId: 'a' } } },
  { status: 'fulfilled', value: { itemId: 'a' } },
];

promiseOnce(
  'R7',
  'By default a silent call or stream sends no ping that a server with the default enforcement refuses, and none is sent without calls; pings are more frequent than every 5 minutes only where grpcOptions say so.',
  () => {
    test('silent for 2 s', async () => {
      const { server, outcomes } = await keepSilent(2000);
      expect(outcomes).toMatchObject(answered);
      expect(server.pings).toBe(0);
      expect(server.sockets.size).toBe(1);
    });

    test('configured, pings come', async () => {
      const grpcOptions = { 'grpc.keepalive_time_ms': 200 };
      const { server } = await keepSilent(2000, { grpcOptions }, Infinity);
      expect(server.pings).toBeGreaterThan(0);
    });

    const long = process.env['TEST_LONG'] === '1' ? test : test.skip;
    long(
      'silent for 50 s (only with TEST_LONG=1)',
      async () => {
        const { server, outcomes } = await keepSilent(50_000);
        expect(outcomes).toMatchObject(answered);
        expect(server.pings).toBe(0);
      },
      90_000,
    );
  },
);
