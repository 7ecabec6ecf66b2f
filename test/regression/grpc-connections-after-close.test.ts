import type { Socket } from 'node:net';
import { eventually } from '../servers/eventually';
import { answerCall, FRAME, http2Frame } from '../servers/http2-frames';
import { grpcActionAt } from '../servers/start-grpc-action';
import { startGrpcUpstream } from '../servers/start-grpc-upstream';
import { failureOf } from '../servers/start-rest-action';
import { startTcpRelay } from '../servers/start-tcp-relay';
import { startRawUpstream } from '../servers/start-upstream';

const BROKEN = http2Frame(FRAME.continuation, { flags: 4, streamId: 1, payload: [0] });

const servers: [name: string, serve: (socket: Socket) => unknown][] = [
  ['never says hello', (socket) => socket.resume()],
  ['breaks HTTP/2', answerCall(BROKEN)],
];

describe.each(servers)('the connection to a server that %s', (_name, serve) => {
  /** After a call that took too long. */
  async function start(config: object) {
    const upstream = await startRawUpstream(serve);
    const endpoint = { path: `127.0.0.1:${upstream.port}`, insecure: true };
    const gateway = await grpcActionAt(endpoint, {}, config);
    expect((await failureOf(gateway.call({ timeout: 300 }))).error.status).toBe(504);
    return { ...gateway, upstream };
  }

  test('ends with the gateway', async () => {
    const { upstream, stop } = await start({ grpcRecreateService: false });
    expect(upstream.sockets.size).toBe(1);
    await stop();
    await eventually(() => upstream.sockets.size === 0);
  });

  test('ends when its client is replaced', async () => {
    const { upstream } = await start({});
    await eventually(() => upstream.sockets.size === 0);
  });
});

test('a client that is replaced before it is connected leaves no connection', async () => {
  const { port } = await startGrpcUpstream({ Get: () => undefined });
  const relay = await startTcpRelay(port);
  const { call } = await grpcActionAt({ path: relay.address, insecure: true });
  for (let i = 0; i < 100; i++) await failureOf(call({ timeout: 1 + (i % 4) }));
  await eventually(() => relay.sockets.size === 0);
});
