import { frame, sendGrpc, startHttp2Upstream } from '../servers/start-http2-upstream';
import { watchProcess } from '../servers/watch-process';
import { startShopAt } from '../transports/grpc/start-shop';

watchProcess();

const compressed = [frame(Buffer.from([0x0a, 1, 0x61]), { flag: 1 })];

test.each([
  ['watch', 'an unknown compression', { headers: { 'grpc-encoding': 'br' }, chunks: compressed }],
  ['chat', 'an unknown compression', { headers: { 'grpc-encoding': 'br' }, chunks: compressed }],
  ['collect', 'an unknown compression', { headers: { 'grpc-encoding': 'br' }, chunks: compressed }],
  ['watch', 'a status that is no number', { trailers: { 'grpc-status': 'fine' } }],
] as const)('R2: the stream of %s that %s ends has a code', async (kind, _fault, answer) => {
  const upstream = await startHttp2Upstream((stream) => sendGrpc(stream, answer));
  const { items } = await startShopAt(upstream.address);
  const { stream } = await items[kind]!({ callback: () => undefined });
  // Read when it is told, as the listener of an application does.
  const told = new Promise((resolve) => {
    stream.once('error', ({ code, message }: any) => resolve({ code, message }));
    if (kind === 'collect') stream.end({});
    else stream.resume();
  });
  expect(await told).toEqual({ code: 2, message: expect.stringMatching(/^2 UNKNOWN: /) });
});
