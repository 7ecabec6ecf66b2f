import { getGatewayControllers, toFetchHandler } from '../../lib';
import { closeAfterTest } from '../servers/closing';
import { eventually } from '../servers/eventually';
import { startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

const PIECE = Buffer.alloc(64 * 1024, 'a');

/** An action whose answer goes on for as long as its connection. */
async function startEndless() {
  const upstream = await startUpstream((_request, response) => {
    const timer = setInterval(() => response.write(PIECE), 1);
    response.once('close', () => clearInterval(timer));
    response.write(PIECE);
  });
  const axiosConfig = { responseType: 'stream' } as const;
  const actions = { get: { method: 'GET', path: '/', axiosConfig } } as const;
  const endpoints = { path: upstream.url, axiosConfig };
  const gateway = getGatewayControllers({ root: { s: { endpoints, actions } } });
  closeAfterTest(() => gateway.close({ graceMs: 0 }));
  const handle = toFetchHandler(gateway);
  const ask = () => handle(new Request('http://host.test/gateway/s/get', { method: 'POST' }));
  return { upstream, ask };
}

test.each([0, 1, 5])(
  'a streamed answer that is cancelled after %i pieces ends the call and nothing else',
  async (pieces) => {
    const { upstream, ask } = await startEndless();
    for (let count = 0; count < 20; count++) {
      const { status, body } = await ask();
      expect(status).toBe(200);
      const reader = body!.getReader();
      for (let piece = 0; piece < pieces; piece++) await reader.read();
      await reader.cancel();
    }
    await eventually(() => upstream.sockets.size === 0);
  },
);

test('a streamed answer that fails before anybody reads it fails its reader', async () => {
  const { upstream, ask } = await startEndless();
  const { body } = await ask();
  for (const socket of upstream.sockets) socket.destroy();
  await eventually(() => upstream.sockets.size === 0);
  const read = async () => {
    for await (const piece of body as AsyncIterable<Uint8Array>) expect(piece.length).not.toBe(0);
  };
  await expect(read()).rejects.toThrow();
});
