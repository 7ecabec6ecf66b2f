import type { Answered } from '../../test/servers/start-gateway';
import { frame, sendGrpc, startHttp2Upstream } from '../../test/servers/start-http2-upstream';
import { rawHttp, startRawAnswer } from '../../test/servers/start-raw-answer';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { startService } from './start-service';
import type { ServiceOptions } from './start-service';

checkLeaks();

const CODED = { code: expect.stringMatching(/./), message: expect.any(String) };

function expectError({ status, json, headers }: Answered): void {
  expect(json).toMatchObject({ ...CODED, status });
  expect(Number.isInteger(status) && status >= 400 && status <= 599).toBe(true);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
}

promise(
  'G3',
  'Every failure of an upstream is answered with a non-empty code, a message, and an integer status from 400 to 599.',
  (express) => {
    const statuses = [
      100, 101, 199, 300, 304, 399, 400, 404, 418, 499, 500, 503, 599, 600, 700, 999,
    ];

    test.each(statuses)('the HTTP status %i', async (status) => {
      const upstream = await startRawAnswer(rawHttp.status(String(status)));
      // Informational: the answer itself never comes.
      const timeout = status < 200 ? 500 : 25_000;
      const common = { endpoint: () => upstream.url, timeout };
      const { post } = await startService(express, { common });
      for (const action of ['rest', 'restStream']) {
        const answer = await post(action);
        expectError(answer);
        if (status >= 400 && status <= 599) expect(answer.status).toBe(status);
      }
    });

    test.each(['000', '0', '20', '-1', '2000', 'abc', '200.5'])(
      'the HTTP status %s',
      async (status) => {
        const upstream = await startRawAnswer(rawHttp.status(status));
        const { post } = await startService(express, { common: { endpoint: () => upstream.url } });
        expectError(await post('rest'));
      },
    );

    const codes = [
      ...Array.from({ length: 19 }, (_, index) => String(index + 1)),
      '-1',
      'x',
      '1e3',
    ];
    test.each(codes)('the gRPC status %s', async (code) => {
      const upstream = await startHttp2Upstream((stream) => {
        const message = { 'grpc-message': '' };
        sendGrpc(stream, {
          chunks: [frame(Buffer.alloc(0))],
          trailers: { 'grpc-status': code, ...message },
        });
      });
      const endpoint = () => ({ path: upstream.address, insecure: true });
      const { post } = await startService(express, { common: { endpoint } });
      expectError(await post('grpc'));
    });

    const bodies = [
      '',
      'null',
      '[]',
      '"text"',
      '{"code":"","message":""}',
      '{"code":{},"message":[]}',
      '{"status":200}',
      '{"code":0,"message":5,"details":[null]}',
      '{"error":{"status":200}}',
      '<html>',
    ];
    test.each(bodies)('the error body %j', async (body) => {
      const head = `HTTP/1.1 422 X\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      const upstream = await startRawAnswer(head + body);
      const { post } = await startService(express, { common: { endpoint: () => upstream.url } });
      const answer = await post('rest');
      expectError(answer);
      expect(answer.status).toBe(422);
    });
  },
);

const circular: Record<string, unknown> = { a: 1 };
circular['self'] = circular;
const toJSON = () => {
  throw new Error('boom');
};
const literals: [string, unknown][] = [
  ['an empty object', {}],
  ['an empty error', { error: {} }],
  ...[200, 304, 399, 600, 0, -1, NaN, Infinity, '404', 404.5, null].map(
    (status): [string, unknown] => [
      `an error of the status ${String(status)}`,
      { error: { status } },
    ],
  ),
  ['a code that is no text', { error: { status: 400, code: {} } }],
  ['an empty code', { error: { status: 400, code: '' } }],
  ['a message that is no text', { error: { status: 400, code: 'A', message: { a: 1 } } }],
  ['circular details', { error: { status: 400, code: 'A', message: 'a', details: circular } }],
  ['a bigint in details', { status: 400, code: 'A', message: 'a', details: { a: 1n } }],
  [
    'details that fail as JSON',
    { error: { status: 400, code: 'A', message: 'a', details: { toJSON } } },
  ],
  ['itself a failure as JSON', { error: { status: 400, code: 'A', message: 'a', toJSON } }],
  [
    'itself another JSON',
    { error: { status: 400, code: 'A', message: 'a', toJSON: () => 'other' } },
  ],
  ['nothing as JSON', { error: { status: 400, code: 'A', message: 'a', toJSON: () => undefined } }],
  ['an error that is a function', { error: () => undefined }],
  ['an error that is an Error', { error: new Error('inner') }],
  ['a frozen error', Object.freeze({ error: Object.freeze({ status: 409 }) })],
];

promise(
  'G3',
  'So is whatever hooks and functions throw or return as an error: it never goes out with a status below 400.',
  (express) => {
    test.each(literals)('thrown: %s', async (_name, thrown) => {
      const fail = () => {
        throw thrown;
      };
      const config = { onBeforeAction: (req: any) => req.body.early && fail() };
      const options: ServiceOptions = { config, actions: { own: fail } };
      const { post } = await startService(express, options);
      expectError(await post('own'));
      expectError(await post('own', { early: true }));
    });

    test.each(literals)('as what transformResponseError returns: %s', async (_name, made: any) => {
      const transformResponseError = () => made.error ?? made;
      const { post } = await startService(express, { rest: { transformResponseError } });
      expectError(await post('restFails'));
    });

    test.each([undefined, null, 'text', 5, [], true])(
      'transformResponseError returns %j',
      async (made) => {
        const transformResponseError = () => made;
        const { post } = await startService(express, { rest: { transformResponseError } });
        expect(await post('restFails')).toMatchObject({ status: 409, json: CODED });
      },
    );
  },
);

promise('G3', 'So is what the gateway refuses itself.', (express) => {
  const validationSchema = { type: 'object', required: ['id'] };
  const bad = (name: string, options: ServiceOptions, status: number, args: unknown = {}) =>
    [name, options, status, args] as const;

  test.each([
    bad('args that are not valid', { common: { validationSchema } }, 400),
    bad('a missing endpoint', { common: { endpoint: 'none' } }, 400),
    bad('a path argument', { rest: { path: ({ id }: any) => `/${id}` } }, 400, { id: '../a' }),
    bad('a body that is a list', {}, 400, []),
    bad('a content type', { rest: { expectedResponseContentType: 'text/csv' } }, 415),
    bad('a header', { common: { params: () => ({ headers: { 'x-a': 'a\r\nb' } }) } }, 500),
    bad('an answer over the limit', { config: { limits: { responseBytes: 3 } } }, 502),
  ])('%s', async (_name, options, status, args) => {
    const { post } = await startService(express, options);
    const answer = await post('rest', args);
    expect(answer.status).toBe(status);
    expectError(answer);
  });

  test.each(['none', 'constructor', '__proto__', '_own'])(
    'the unknown action %s',
    async (action) => {
      const { post, send } = await startService(express);
      expectError(await post(action));
      expectError(await send('GET', `none/${action}`));
    },
  );

  test('a call after close', async () => {
    const { post, close } = await startService(express);
    await close({ graceMs: 0 });
    for (const action of ['rest', 'grpc', 'mixed']) {
      const answer = await post(action);
      expectError(answer);
      expect(answer.status).toBe(503);
    }
  });
});
