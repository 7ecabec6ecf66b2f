import diagnostics from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import { getEventListeners } from 'node:events';
import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { eventually } from '../../test/servers/eventually';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { startService } from './start-service';

checkLeaks();

/** Listeners by event, without the events that have none. */
function listenersOf(emitter: EventEmitter): Record<string, number> {
  return Object.fromEntries(
    emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]),
  );
}

/** Events that have more listeners than `allowed`, once Node itself has taken off its own. */
async function expectNoMore(emitter: EventEmitter, allowed: Record<string, number>): Promise<void> {
  const more = () =>
    Object.entries(listenersOf(emitter)).filter(([name, count]) => count > (allowed[name] ?? 0));
  for (let turns = 0; turns < 1000 && more().length > 0; turns++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(more()).toEqual([]);
}

const throwing = () => {
  throw new Error('boom');
};
const plain = ['rest', 'grpc', 'mixed', 'restFails', 'grpcFails', 'mixedFails'];
const slow = { silentMs: 50 };

promise(
  'G4',
  'A call leaves no listener of its own on the request, the response and the connection of its client.',
  (express) => {
    test('over one connection that is kept alive', async () => {
      const seen: [string, EventEmitter, EventEmitter][] = [];
      const { url, server } = await startService(express, {
        actions: { hook: { method: 'GET', path: '/ok', params: throwing } },
        use: (app) => {
          app.use((req: any, res: any, next: () => void) => {
            seen.push([req.path, req, res]);
            next();
          });
          app.post('/without', (_req: unknown, res: any) => res.json({}));
        },
      });
      const sockets = new Set<Socket>();
      server.keepAliveTimeout = 120_000;
      server.on('connection', (socket) => sockets.add(socket));
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const post = (path: string) =>
        new Promise<void>((resolve, reject) => {
          const sent = request(url + path, { method: 'POST', agent }, (response) => {
            response.resume().on('end', resolve);
          });
          sent.on('error', reject).end();
        });
      await post('/without');
      await new Promise((resolve) => setTimeout(resolve, 200));
      const [socket] = sockets;
      const idle = listenersOf(socket!);
      const [, ...untouched] = seen.shift()!;
      for (const action of [...plain, 'hook', ...plain, 'none']) await post(`/gateway/s/${action}`);
      expect(sockets.size).toBe(1);
      await expectNoMore(socket!, idle);
      for (const [, ...touched] of seen) {
        for (const [index, emitter] of touched.entries()) {
          await expectNoMore(emitter, listenersOf(untouched[index]!));
        }
      }
      agent.destroy();
    });

    test('of an answer that a hook goes on with', async () => {
      const left: unknown[] = [];
      const { url, controller } = await startService(express, {
        config: { onBeforeAction: (_req, res) => void res.write('begun') },
        use: (app) => {
          app.post('/direct/:service/:action', async (req: any, res: any) => {
            res.write('');
            const before = listenersOf(res);
            await controller(req, res);
            left.push(before, listenersOf(res));
            res.end();
          });
        },
      });
      expect(await (await fetch(`${url}/direct/s/rest`, { method: 'POST' })).text()).toBe('begun');
      expect(left).toHaveLength(2);
      expect(left[1]).toEqual(left[0]);
    });
  },
);

promise('G4', 'A call leaves no listener on the signal that it was given.', (express) => {
  test('over many calls with one signal', async () => {
    const { s } = await startService(express, slow);
    const { signal } = new AbortController();
    for (const action of [...plain, 'restStream', 'restSilent', 'grpcSilent']) {
      const answer = await s[action]!({ abortSignal: signal }).catch(() => undefined);
      if (answer?.responseData instanceof Readable) {
        answer.responseData.resume();
        await eventually(() => answer.responseData.closed);
      }
      await new Promise(setImmediate);
      expect({ action, left: getEventListeners(signal, 'abort').length }).toEqual({
        action,
        left: 0,
      });
    }
    const { stream } = await s['grpcStream']!({ abortSignal: signal, args: { count: 3 } });
    for await (const message of stream) expect(message).toHaveProperty('itemId');
    await eventually(() => getEventListeners(signal, 'abort').length === 0);
  });
});

promise(
  'G4',
  'A call leaves no listener of its own on the stream that it answers with.',
  (express) => {
    const streams: [string, () => Readable][] = [
      ['that ends', () => Readable.from(['a', 'b'])],
      ['that fails', () => new Readable({ read: throwing })],
    ];

    test.each(streams)('a stream %s, over HTTP', async (_name, create) => {
      const made: Readable[] = [];
      const responses: EventEmitter[] = [];
      const make = () => {
        made.push(create());
        return made.at(-1)!;
      };
      const { post, send } = await startService(express, {
        actions: { own: make },
        use: (app) => {
          app.use((_req: unknown, res: any, next: () => void) => {
            responses.push(res);
            next();
          });
          // What Node leaves behind itself.
          app.post('/gateway/without', (_req: unknown, res: any) => {
            pipeline(make(), res, () => undefined);
          });
        },
      });
      await send('POST', 'without').catch(() => undefined);
      await post('own').catch(() => undefined);
      await eventually(() => made.every(({ closed }) => closed));
      await expectNoMore(made[1]!, listenersOf(made[0]!));
      await expectNoMore(responses[1]!, listenersOf(responses[0]!));
    });

    test.each(streams)('a stream %s, through `api`', async (_name, create) => {
      const { s, ctx } = await startService(express, { actions: { own: create } });
      const { responseData } = await s['own']!({ ctx });
      const other = create();
      for (const stream of [responseData, other]) {
        stream.on('error', () => undefined).resume();
        await eventually(() => stream.closed);
      }
      await expectNoMore(responseData, listenersOf(other));
    });
  },
);

promise(
  'G4',
  'Calls leave no listener on the connections to upstreams that they share.',
  (express) => {
    test('over one connection to a REST server', async () => {
      const sockets: Socket[] = [];
      const note = (message: any) => void sockets.push(message.socket);
      diagnostics.subscribe('undici:client:connected', note);
      const { post } = await startService(express, slow);
      await post('rest');
      await post('rest');
      const [socket] = sockets;
      const idle = listenersOf(socket!);
      for (let round = 0; round < 10; round++) {
        for (const action of ['rest', 'restFails', 'mixedFails']) await post(action);
      }
      diagnostics.unsubscribe('undici:client:connected', note);
      expect(sockets).toEqual([socket]);
      await expectNoMore(socket!, idle);
    });
  },
);
