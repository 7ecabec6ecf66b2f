import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { eventually } from '../../test/servers/eventually';
import { failureOf, startRestAction } from '../../test/servers/start-rest-action';
import { listen } from '../../test/servers/start-upstream';
import { untilStill } from './backpressure-streams';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();

type Take = (request: IncomingMessage, response: ServerResponse) => void;

/** An upstream that is handed requests before their bodies, and an action that sends `body`. */
async function startUpload(take: Take, body: Readable, express: ExpressVersion) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request.on('error', () => undefined));
    take(request, response);
  });
  const { port } = await listen(server);
  const definition = { method: 'PUT', params: () => ({ body }) } as const;
  const action = await startRestAction(`http://127.0.0.1:${port}`, definition, {}, { express });
  return { ...action, requests };
}

/** Pieces without end; `sent` is how much was asked for. */
function createSource() {
  const source = { sent: 0 };
  const body = new Readable({
    read() {
      source.sent += 65_536;
      setImmediate(() => this.push(Buffer.alloc(65_536)));
    },
  });
  body.on('error', () => undefined);
  return Object.assign(source, { body });
}

const MB = 1024 * 1024;

promise(
  'C5',
  'A stream sent as the body is destroyed when the call fails or is cancelled.',
  (express) => {
    test.each<[string, Take, number | undefined]>([
      ['the upstream closes', ({ socket }) => void socket.destroy(), 502],
      [
        'the upstream answers early and closes',
        ({ socket }, response) =>
          void response.writeHead(413, { connection: 'close' }).end(() => socket.destroySoon()),
        undefined,
      ],
    ])('%s', async (_name, take, status) => {
      const { body } = createSource();
      const { call } = await startUpload(take, body, express);
      const { error } = await failureOf(call());
      if (status) expect(error.status).toBe(status);
      await eventually(() => body.destroyed);
    });

    test('the signal fires', async () => {
      const { body } = createSource();
      const { call, requests } = await startUpload(
        (request) => void request.resume(),
        body,
        express,
      );
      const abort = new AbortController();
      const failure = failureOf(call({ abortSignal: abort.signal }));
      await eventually(() => requests.length === 1);
      abort.abort();
      expect((await failure).error.status).toBe(499);
      await eventually(() => body.destroyed && requests[0]!.destroyed);
    });
  },
);

promise(
  'C5',
  'A stream sent as the body that fails ends the call, coded, and the request upstream.',
  (express) => {
    test('it never looks complete', async () => {
      const { body } = createSource();
      const { call, requests } = await startUpload(
        (request) => void request.resume(),
        body,
        express,
      );
      const failure = failureOf(call());
      await eventually(() => requests.length === 1);
      body.destroy(new Error('the source'));
      const { error } = await failure;
      expect(error).toMatchObject({
        code: expect.stringMatching(/./),
        message: expect.any(String),
      });
      expect(error.status).toBeGreaterThanOrEqual(400);
      await eventually(() => requests[0]!.destroyed);
      expect(requests[0]!.complete).toBe(false);
    });
  },
);

promise(
  'C5',
  'An upstream that does not read holds the body back that is sent to it.',
  (express) => {
    test('it goes on with the upstream', async () => {
      const source = createSource();
      const { call, requests } = await startUpload(
        (request) => void request.pause(),
        source.body,
        express,
      );
      const abort = new AbortController();
      const failure = failureOf(call({ abortSignal: abort.signal }));
      await eventually(() => requests.length === 1);
      await untilStill(() => source.sent, 500 * MB);
      expect(source.sent).toBeLessThan(40 * MB);
      const held = source.sent;
      requests[0]!.resume();
      await eventually(() => source.sent > held + MB);
      abort.abort();
      await failure;
    });
  },
);
