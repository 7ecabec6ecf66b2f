import { Agent, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const events = ['close', 'error', 'end', 'timeout', 'data', 'drain', 'finish', 'aborted'];

function countListeners(socket: Socket): number[] {
  return events.map((event) => socket.listenerCount(event));
}

test('G4: no listener is left behind on a keep-alive connection, whatever the outcome', async () => {
  const upstream = await startUpstream(({ url }, response) =>
    url === '/ok' ? sendJson(response, { ok: true }) : sendJson(response, {}, 404),
  );
  const get = (path: string, more = {}) => ({ method: 'GET', path, ...more });
  const actions = {
    ok: get('/ok'),
    fail: get('/fail'),
    stream: get('/ok', { responseType: 'stream' }),
    hook: get('/ok', {
      params: () => {
        throw new Error('hook');
      },
    }),
    mixed: (api: any) => Promise.all([api.users.ok(), api.users.ok()]),
  };
  const gateway = await startGateway(
    { root: { users: { endpoints: upstream.url, actions } } } as never,
    { abortOnClientDisconnect: true },
  );
  const sockets = new Set<Socket>();
  gateway.server.on('connection', (socket) => sockets.add(socket));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  function post(path: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const options = {
      agent,
      port: gateway.port,
      method: 'POST',
      path: `/gateway/${path}`,
      headers,
    };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(options, (answer) => answer.resume().on('end', resolve));
      sent.on('error', reject).end('{}');
    });
  }

  await post('users/ok');
  const [socket] = sockets;
  const before = countListeners(socket!);
  for (let round = 0; round < 12; round++) {
    for (const name of [...Object.keys(actions), 'none']) await post(`users/${name}`);
  }
  expect(sockets.size).toBe(1);
  expect(countListeners(socket!)).toEqual(before);
  agent.destroy();
});
