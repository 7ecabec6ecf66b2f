import { Agent, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { createRecordingContext } from '../../test/fakes/recording-context';
import { eventually } from '../../test/servers/eventually';
import { startGateway } from '../../test/servers/start-gateway';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { watchProcess } from '../../test/servers/watch-process';

watchProcess();

const EVENTS = ['close', 'error', 'end', 'timeout', 'data', 'drain', 'finish', 'free', 'connect'];
const count = (socket: Socket) => EVENTS.map((event) => `${event} ${socket.listenerCount(event)}`);

const actions = {
  refused: { method: 'POST', path: '/503', retries: 1 },
  broken: { method: 'GET', path: '/broken' },
  cut: { method: 'GET', path: '/cut' },
  invalid: { method: 'GET', path: ({ id }: any) => `/a/${id}` },
  hook: { method: 'GET', path: '/', params: () => Promise.reject(new Error('hook')) },
  wrong: { method: 'GET', path: '/', expectedResponseContentType: 'text/csv' },
  slow: { method: 'GET', path: '/slow', timeout: 1 },
  mixed: (api: any) => Promise.all([api.s.refused(), api.s.broken()]),
} as const;

async function start() {
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/503') return sendJson(response, { code: 'DOWN' }, 503);
    if (url === '/slow') return setTimeout(() => sendJson(response, {}), 10);
    response.setHeader('content-type', 'application/json');
    if (url === '/cut') return response.write('{"half"', () => response.destroy());
    return response.end(url === '/broken' ? '{broken' : '{}');
  });
  const { ctx, children } = createRecordingContext();
  const gateway = await startGateway(
    { root: { s: { endpoints: upstream.url, actions } } } as never,
    { abortOnClientDisconnect: true, onBeforeAction: (req: any) => void (req.ctx = ctx) },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { 'content-type': 'application/json' };

  function post(name: string): Promise<number> {
    const path = `/gateway/s/${name}`;
    return new Promise((resolve, reject) => {
      const options = { agent, port: gateway.port, method: 'POST', path, headers };
      const sent = httpRequest(options, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      sent.on('error', reject).end('{}');
    });
  }
  const close = () => agent.destroy();
  return { upstream, gateway, post, children, close };
}

test('L3, G4: 1,000 failing calls on one keep-alive connection leave no listener and no warning', async () => {
  const { gateway, upstream, post, children, close } = await start();
  const clients: Socket[] = [];
  gateway.server.on('connection', (socket) => clients.push(socket));
  await post('broken');
  const before = clients.map(count);
  const names = Object.keys(actions);
  for (let n = 0; n < 1000; n++) {
    expect(await post(names[n % names.length] ?? '')).toBeGreaterThanOrEqual(400);
  }
  expect(clients.map(count)).toEqual(before);
  expect(before).toHaveLength(1);
  await eventually(() => children().every(({ ends }) => ends > 0));
  expect(new Set(children().map(({ ends }) => ends))).toEqual(new Set([1]));
  expect(upstream.sockets.size).toBeLessThanOrEqual(256);
  close();
});
