import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { eventually } from '../../test/servers/eventually';
import { rawHttp, startRawAnswer } from '../../test/servers/start-raw-answer';
import { watchProcess } from '../../test/servers/watch-process';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { startService } from './start-service';
import type { ServiceOptions } from './start-service';

checkLeaks();
const expectNoFaults = watchProcess();

function throwing(): never {
  throw new Error('boom');
}

const ANSWERED = expect.objectContaining({ status: expect.any(Number) });
const outcomeOf = (answer: Promise<unknown>) => answer.catch(() => 'gone');

const head = (path: string, length: number) =>
  `POST /gateway/s/${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

const clients: [string, string, (bytes: string) => string][] = [
  ['half a head', 'rest', (bytes) => bytes.slice(0, 30)],
  ['half a body', 'rest', (bytes) => bytes.slice(0, -2)],
  ['bytes that are no HTTP', 'rest', () => '\x00\xff\x16\x03 garbage\r\n\r\n'],
  ['a request whose answer it does not wait for', 'restSilent', (bytes) => bytes],
  ['the same over gRPC', 'grpcSilent', (bytes) => bytes],
  ['the same of a mixed action', 'mixedSilent', (bytes) => bytes],
  ['a request for a stream', 'restStream', (bytes) => bytes],
  ['two requests at once', 'rest', (bytes) => bytes + bytes],
];

const ENDINGS = ['destroy', 'resetAndDestroy', 'end'] as const;

promise(
  'G2',
  'A client that sends half a request, or garbage, or leaves before its answer, causes no unhandled rejection, uncaught exception or unlistened error event.',
  (express) => {
    test.each(clients)('%s', async (_name, action, cut) => {
      const { port, post, children, server } = await startService(express, {
        silentMs: 200,
        common: { abortOnClientDisconnect: true },
      });
      for (const ending of ENDINGS) {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined).resume();
        await new Promise((resolve) => socket.write(cut(`${head(action, 2)}{}`), resolve));
        await new Promise((resolve) => setTimeout(resolve, 10));
        socket[ending]();
      }
      await eventually(() => children().every(({ ends }) => ends === 1));
      server.closeAllConnections();
      await expectNoFaults();
      expect(await post('rest')).toMatchObject({ status: 200 });
    });
  },
);

const answers: [string, string | Buffer, 'end' | 'reset'][] = [
  ['nothing', '', 'end'],
  ['a reset', '', 'reset'],
  ['garbage', '\x00\xff garbage', 'end'],
  ['half a head', 'HTTP/1.1 200 O', 'end'],
  ['a body cut short', rawHttp.sized(100, '{"half":'), 'end'],
  ['a body that is reset', rawHttp.sized(100, '{"half":'), 'reset'],
  ['a chunk cut short', `${rawHttp.chunked}ff\r\n{"half":`, 'reset'],
  ['two answers', rawHttp.status('200') + rawHttp.status('200'), 'end'],
];

promise(
  'G2',
  'An upstream that answers garbage, cuts its answer or resets the connection causes none, in buffered and streamed answers.',
  (express) => {
    test.each(answers)('%s', async (_name, bytes, then) => {
      const upstream = await startRawAnswer(bytes, then);
      const endpoint = () => upstream.url;
      const { post, s } = await startService(express, { common: { endpoint } });
      for (const action of ['rest', 'restStream', 'grpc']) {
        expect([ANSWERED, 'gone']).toContainEqual(await outcomeOf(post(action)));
      }
      // A stream that its caller never looks at.
      const unread = await s['restStream']!().catch(() => undefined);
      unread?.responseData.destroy();
      await expectNoFaults();
    });
  },
);

const failingLate = (after: number) =>
  Readable.from(
    (async function* () {
      for (let count = 0; count < after; count++) yield 'part';
      await Promise.resolve();
      throw new Error('boom');
    })(),
  );

promise('G2', 'A hook or function that fails, at once or later, causes none.', (express) => {
  const late: [string, ServiceOptions, string][] = [
    ['a stream of a function that fails', { actions: { own: () => failingLate(0) } }, 'own'],
    [
      'a stream of a function that fails under way',
      { actions: { own: () => failingLate(3) } },
      'own',
    ],
    [
      'a stream of transformResponseData that fails',
      { common: { transformResponseData: () => failingLate(1) } },
      'rest',
    ],
    [
      'inner calls that nobody waits for',
      { actions: { own: ({ s }: any) => void s.restFails() } },
      'own',
    ],
    [
      'inner calls that fail together',
      { actions: { own: ({ s }: any) => Promise.all([s.restFails(), s.grpcFails()]) } },
      'own',
    ],
    [
      'an observer that rejects',
      { config: { sendStats: () => Promise.reject(new Error('boom')) } },
      'mixed',
    ],
    [
      'a redaction that throws',
      { ctx: { utils: { redactSensitiveHeaders: throwing, redactSensitiveKeys: throwing } } },
      'mixed',
    ],
  ];

  test.each(late)('%s', async (_name, options, action) => {
    const { post, children } = await startService(express, options);
    expect([ANSWERED, 'gone']).toContainEqual(await outcomeOf(post(action)));
    await eventually(() => children().every(({ ends }) => ends === 1));
    await expectNoFaults();
  });
});
