import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/servers/eventually';
import { startDeafUpstream } from '../../test/servers/start-deaf-upstream';
import { rawHttp } from '../../test/servers/start-raw-answer';
import { startRestAction } from '../../test/servers/start-rest-action';
import { sendJson, startRawUpstream, startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { expectFailure } from './rest-failure';

checkLeaks();

afterEach(() => jest.restoreAllMocks());

const tooSlow = { status: 504, code: 'ECONNABORTED' };

promise('U1', 'An upstream that is too slow is a 504, and its connection is closed.', (express) => {
  test.each([
    ['GET', 'json'],
    ['POST', 'json'],
    ['GET', 'stream'],
    ['HEAD', 'arraybuffer'],
  ] as const)('%s as %s', async (method, responseType) => {
    const upstream = await startRawUpstream((socket) => socket.resume());
    const definition = { method, responseType, timeout: 200 };
    const action = await startRestAction(upstream.url, definition, {}, { express });
    await expectFailure(action, tooSlow);
    await eventually(() => upstream.sockets.size === 0);
  });
});

/** Writes a byte now and then, for ever. */
function trickle(socket: Socket, text: string) {
  socket.write(text);
  const timer = setInterval(() => socket.write('a'), 20);
  socket.once('close', () => clearInterval(timer));
}

const { ok, sized } = rawHttp;
const failing = 'HTTP/1.1 500 X\r\ncontent-length: 9999\r\n\r\n';

promise(
  'U2',
  'The timeout of a buffered answer covers the connection, its TLS, the headers and the whole body.',
  (express) => {
    test('a connection that does not come about', async () => {
      const action = await startRestAction(
        await startDeafUpstream(),
        { timeout: 300 },
        {},
        { express },
      );
      await expectFailure(action, tooSlow);
    });

    test('a TLS handshake that does not go on', async () => {
      const { url, sockets } = await startRawUpstream((socket) => socket.resume());
      const action = await startRestAction(
        url.replace('http', 'https'),
        { timeout: 300 },
        {},
        { express },
      );
      await expectFailure(action, tooSlow);
      await eventually(() => sockets.size === 0);
    });

    test.each<[string, (socket: Socket) => void]>([
      ['says 100 Continue and no more', (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n')],
      ['stops within its headers', (socket) => socket.write(`${ok}x: `)],
      ['trickles its headers', (socket) => trickle(socket, `${ok}x-slow: `)],
      ['stops within its body', (socket) => socket.write(sized(9, '"'))],
      ['trickles its body', (socket) => trickle(socket, sized(100_000, '"'))],
      [
        'trickles a body without end',
        (socket) => trickle(socket, `${ok}connection: close\r\n\r\n"`),
      ],
      ['trickles the body of an error', (socket) => trickle(socket, failing)],
    ])('an upstream that %s', async (_how, serve) => {
      const upstream = await startRawUpstream((socket) => socket.once('data', () => serve(socket)));
      const action = await startRestAction(upstream.url, { timeout: 300 }, {}, { express });
      await expectFailure(action, tooSlow);
      await eventually(() => upstream.sockets.size === 0);
    });
  },
);

promise(
  'U2',
  'The timeout of a buffered answer is one for all attempts and the pauses between them.',
  (express) => {
    test('what is left of it is told to each attempt, and no attempt follows it', async () => {
      const upstream = await startUpstream((_request, response) => sendJson(response, {}, 503));
      const action = await startRestAction(
        upstream.url,
        { timeout: 6000, retries: 1000 },
        {},
        { express },
      );
      // Pauses of 50 to 1600 ms; one of 3200 ms would not end in time.
      jest.spyOn(Math, 'random').mockReturnValue(0);
      expect((await action.post()).status).toBe(503);
      const left = upstream.requests.map(({ headers }) => Number(headers['x-request-timeout']));
      expect(left.length).toBeGreaterThan(1);
      expect(left[0]).toBe(6000);
      expect(left.every((ms, n) => n === 0 || ms < left[n - 1]!)).toBe(true);
    });

    test('a later attempt that is silent ends with it', async () => {
      const upstream = await startUpstream(({ headers }, response) => {
        if (headers['x-request-attempt'] === undefined) sendJson(response, {}, 503);
      });
      const action = await startRestAction(
        upstream.url,
        { timeout: 1200, retries: 1000 },
        {},
        { express },
      );
      await expectFailure(action, tooSlow);
    });
  },
);

/** An upstream that writes the first piece of a stream and hands the rest over. */
async function startStreaming() {
  let give: (response: ServerResponse) => void;
  const streaming = new Promise<ServerResponse>((resolve) => (give = resolve));
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('.');
    give(response);
  });
  return { url: upstream.url, streaming };
}

/** The controller's answer while it is under way. */
async function open(url: string): Promise<IncomingMessage> {
  const request = httpRequest(`${url}/gateway/s/run`, { method: 'POST', agent: false }).end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  return answer;
}

const stream = { responseType: 'stream' } as const;

promise(
  'U2',
  'The timeout of a stream covers its headers; after them it bounds each silence, not the whole.',
  (express) => {
    test.each<[string, (socket: Socket) => void]>([
      ['headers that do not come', () => undefined],
      ['headers that trickle', (socket) => trickle(socket, `${ok}x-slow: `)],
    ])('%s are a 504', async (_how, serve) => {
      const upstream = await startRawUpstream((socket) => socket.once('data', () => serve(socket)));
      const action = await startRestAction(
        upstream.url,
        { ...stream, timeout: 300 },
        {},
        { express },
      );
      await expectFailure(action, tooSlow);
      await eventually(() => upstream.sockets.size === 0);
    });

    test('a stream that moves lasts longer than the timeout', async () => {
      const { url, streaming } = await startStreaming();
      const action = await startRestAction(url, { ...stream, timeout: 1200 }, {}, { express });
      const answer = action.post();
      const writing = await streaming;
      for (let piece = 0; piece < 10; piece++) {
        await sleep(150);
        writing.write('.');
      }
      writing.end();
      expect(await answer).toMatchObject({ status: 200, text: '.'.repeat(11) });
    });

    test('a stream that falls silent is cut, and its connection closed', async () => {
      const { url, streaming } = await startStreaming();
      const action = await startRestAction(url, { ...stream, timeout: 300 }, {}, { express });
      const answer = await open(action.url);
      const closed = once(await streaming, 'close');
      answer.resume();
      await eventually(() => answer.closed);
      expect(answer.complete).toBe(false);
      await closed;
    });

    test('through api such a stream fails as too slow', async () => {
      const { url } = await startStreaming();
      const { call } = await startRestAction(url, { ...stream, timeout: 300 }, {}, { express });
      const { responseData } = (await call()) as { responseData: Readable };
      await expect(responseData.toArray()).rejects.toMatchObject({ code: 'ECONNABORTED' });
    });
  },
);
