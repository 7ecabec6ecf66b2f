import type { Socket } from 'node:net';
import { rawHttp } from '../servers/start-raw-answer';
import { startGateway } from '../servers/start-gateway';
import { startRawUpstream } from '../servers/start-upstream';

/** Answers at the first bytes of a request, and reads no further where it has a body. */
function serve(socket: Socket) {
  socket.on('data', (bytes) => {
    const hasBody = bytes.toString('latin1').startsWith('PUT');
    if (hasBody) socket.pause();
    socket.write(hasBody ? rawHttp.status('413') : rawHttp.sized(2, '{}'));
  });
}

test('U9: a connection that still has the rest of a request to send is not used for the next', async () => {
  const { url } = await startRawUpstream(serve);
  const body = { text: 'a'.repeat(20_000_000) };
  const { api } = await startGateway({
    root: {
      s: {
        endpoints: url,
        actions: {
          put: { method: 'PUT', path: '/p', params: () => ({ body }) },
          get: { method: 'GET', path: '/g', timeout: 5000 },
        },
      },
    },
  });
  await expect(api.s.put()).rejects.toMatchObject({ error: { status: 413 } });
  await expect(api.s.get()).resolves.toMatchObject({ responseData: {} });
});
