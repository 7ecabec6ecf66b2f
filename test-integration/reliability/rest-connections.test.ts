import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/servers/eventually';
import { rawHttp } from '../../test/servers/start-raw-answer';
import { startRestAction } from '../../test/servers/start-rest-action';
import { startRawUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';

checkLeaks();

const { ok, sized } = rawHttp;
const METHODS = ['GET', 'PUT', 'POST'] as const;

/** What the upstream writes, told what a good answer to the request would be. */
type Serve = (socket: Socket, answer: string, count: number) => unknown;

/** Answers each request with its own id, in the way of `serve`. */
async function startEcho(serve: Serve) {
  let count = 0;
  const upstream = await startRawUpstream((socket) => {
    socket.on('data', (bytes) => {
      const id = /^\w+ \/run\?id=(\d+)/.exec(bytes.toString('latin1'))?.[1];
      if (id === undefined) return;
      const body = `{"id":${id}}`;
      serve(socket, sized(body.length, body), count++);
    });
  });
  return { ...upstream, count: () => count };
}

const byId = (method: (typeof METHODS)[number]) => ({
  method,
  params: ({ id }: { id: number }) => ({ query: { id } }),
});

const STRAYS: [string, string][] = [
  ['an answer', sized(11, '{"id":"no"}')],
  ['half a head', `${ok}content-le`],
  ['a letter', 'H'],
  ['bytes', '\u0000\u00ff'],
  ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['an upgrade', 'HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
];

promise(
  'U9',
  'An idle upstream connection that has unread bytes is closed, not reused.',
  (express) => {
    test.each(STRAYS)('%s on an idle connection closes it', async (_kind, stray) => {
      const upstream = await startEcho((socket, answer) => socket.write(answer));
      const { post } = await startRestAction(upstream.url, byId('GET'), {}, { express });
      expect((await post({ id: 1 })).json).toEqual({ id: 1 });
      const [idle] = upstream.sockets;
      idle?.write(stray, 'latin1');
      await eventually(() => idle?.destroyed === true);
      expect((await post({ id: 2 })).json).toEqual({ id: 2 });
      expect(upstream.count()).toBe(2);
    });

    test.each(STRAYS)(
      '%s that is not seen yet is not taken for an answer',
      async (_kind, stray) => {
        for (const method of METHODS) {
          const upstream = await startEcho((socket, answer) => socket.write(answer));
          const { call } = await startRestAction(upstream.url, byId(method), {}, { express });
          for (let id = 0; id < 5; id++) {
            expect((await call({ args: { id } })).responseData).toEqual({ id });
            for (const socket of upstream.sockets) socket.write(stray, 'latin1');
          }
          expect(upstream.count()).toBe(5);
        }
      },
    );

    test.each(STRAYS)('%s right behind an answer spoils no later call', async (_kind, stray) => {
      for (const method of METHODS) {
        const upstream = await startEcho((socket, answer, count) =>
          socket.write(count === 0 ? answer + stray : answer, 'latin1'),
        );
        const { post } = await startRestAction(upstream.url, byId(method), {}, { express });
        const first = await post({ id: 0 });
        expect([200, 502]).toContain(first.status);
        for (let id = 1; id < 4; id++) expect((await post({ id })).json).toEqual({ id });
      }
    });

    test('the rest of a request that was answered early is not left before the next', async () => {
      const upstream = await startEcho((socket, answer, count) => {
        if (count === 0) socket.pause();
        socket.write(answer);
      });
      const big = { text: 'x'.repeat(10_000_000) };
      const definition = {
        method: 'PUT',
        params: ({ id }: { id: number }) => ({ query: { id }, body: id === 0 ? big : {} }),
        timeout: 10_000,
      } as const;
      const { post } = await startRestAction(upstream.url, definition, {}, { express });
      for (let id = 0; id < 3; id++) expect((await post({ id })).json).toEqual({ id });
    });
  },
);

const HOSTILE: [string, string, 'stay' | 'end' | 'reset'][] = [
  ['a length of more', sized(99, '{"id":0}'), 'end'],
  ['a reset within the body', sized(99, '{"id":0}'), 'reset'],
  ['two lengths', `${ok}content-length: 8\r\ncontent-length: 9\r\n\r\n{"id":0}`, 'stay'],
  ['a length and chunks', `${rawHttp.chunked.slice(0, -2)}content-length: 2\r\n\r\n{}`, 'stay'],
  ['a folded header', `${ok}x: a\r\n b\r\ncontent-length: 8\r\n\r\n{"id":0}`, 'stay'],
  ['a bad chunk', `${rawHttp.chunked}zz\r\n`, 'stay'],
  [
    'a long chunk extension',
    `${rawHttp.chunked}8;${'x'.repeat(40_000)}\r\n{"id":0}\r\n0\r\n\r\n`,
    'stay',
  ],
  ['a huge head', `${ok}x: ${'v'.repeat(100_000)}\r\n\r\n{}`, 'stay'],
  ['an answer of HTTP/0.9', '{"id":0}', 'end'],
  ['an upgrade', 'HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'stay'],
  ['a 204 with a body', 'HTTP/1.1 204 X\r\ncontent-length: 8\r\n\r\n{"id":0}', 'stay'],
  ['an error cut short', 'HTTP/1.1 500 X\r\ncontent-length: 99\r\n\r\n{', 'end'],
  [
    'six encodings',
    `${ok}content-encoding: ${'gzip,'.repeat(6)}\r\ncontent-length: 1\r\n\r\nx`,
    'stay',
  ],
  ['nothing', '', 'end'],
];

promise('U9', 'A faulty answer spoils no later call to the same upstream.', (express) => {
  test.each(HOSTILE)('%s', async (_kind, bytes, then) => {
    for (const method of METHODS) {
      const upstream = await startEcho(async (socket, answer, count) => {
        // The first calls make a connection that is used again.
        if (count !== 3) return socket.write(answer);
        socket.write(bytes, 'latin1');
        if (then === 'end') socket.end();
        if (then === 'reset') await sleep(20).then(() => socket.resetAndDestroy());
      });
      const { call } = await startRestAction(upstream.url, byId(method), {}, { express });
      const outcomes: unknown[] = [];
      for (let id = 1; id <= 8; id++) {
        const outcome = await call({ args: { id } }).then(
          ({ responseData }) => responseData?.id ?? 'empty',
          ({ error }) => error.status,
        );
        if (outcome !== id) outcomes.push(outcome);
      }
      // A lost GET or PUT on a used connection is sent once more.
      expect(outcomes.length).toBeLessThanOrEqual(1);
      for (const outcome of outcomes) expect([0, 'empty', 500, 502]).toContain(outcome);
    }
  });
});

promise('U11', 'A Keep-Alive hint that lies loses no call.', (express) => {
  test.each([
    'timeout=1000',
    'timeout=99999999999999999999',
    'timeout=0',
    'timeout=1',
    'timeout=-1',
    'timeout=x, max=0',
    ',',
  ])('%s', async (hint) => {
    const seen: string[] = [];
    const upstream = await startEcho((socket, answer) => {
      seen.push(answer);
      socket.write(answer.replace('\r\n', `\r\nkeep-alive: ${hint}\r\n`));
      setTimeout(() => socket.destroy(), 15).unref();
    });
    const { call } = await startRestAction(upstream.url, byId('POST'), {}, { express });
    for (let id = 0; id < 14; id++) {
      expect((await call({ args: { id } })).responseData).toEqual({ id });
      await sleep([0, 5, 10, 14, 15, 16, 20][id % 7]);
    }
    expect(new Set(seen).size).toBe(seen.length);
  });
});
