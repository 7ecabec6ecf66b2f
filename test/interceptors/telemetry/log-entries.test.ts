import { inspect } from 'node:util';
import { createRecordingContext } from '../../fakes/recording-context';
import type { RecordedContext } from '../../fakes/recording-context';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import type { Answer } from '../../servers/start-upstream';

const args = { password: 'args-secret', id: 'x' };
const secrets = ['args-secret', 'query-secret', 'auth-secret', 'reply-secret', 'user:pass'];

async function run(answer: Answer, definition: object = {}, config: object = {}) {
  const upstream = await startUpstream(answer);
  const endpoint = upstream.url.replace('http://', 'http://user:pass@');
  const action = {
    method: 'POST',
    path: '/things',
    params: (body: object) => ({ body, query: { q: 'query-secret' } }),
    ...definition,
  };
  const gateway = await startGateway(
    { root: { things: { endpoints: endpoint, actions: { post: action } } } } as never,
    { getAuthHeaders: () => ({ 'x-own-auth': 'auth-secret' }), ...config },
  );
  const { ctx, all } = createRecordingContext();
  await (gateway.api as any).things
    .post({ ctx, args, headers: { cookie: 'auth-secret' }, requestId: 'id-1' })
    .catch(() => undefined);
  return { all, url: upstream.url };
}

/** Everything that was logged, as a logger that looks at every member would write it. */
function textOf(all: readonly RecordedContext[]): string {
  return inspect(
    all.map(({ logs, errors, stats }) => ({ logs, errors, stats })),
    { depth: null, maxStringLength: null, maxArrayLength: null, showHidden: true },
  );
}

const big = 'reply-secret\u0001ü'.repeat(100_000);

test('X1: a success is logged with method, URL without query, status, attempt, duration, size', async () => {
  const { all, url } = await run((_request, response) => sendJson(response, { a: 1 }));
  expect(all[1]).toMatchObject({
    errors: [],
    logs: [
      {
        message: 'Request completed',
        extra: {
          requestId: 'id-1',
          method: 'POST',
          url: `${url}/things`,
          status: 200,
          attempt: 1,
          responseBytes: 7,
          durationMs: expect.any(Number) as number,
        },
      },
    ],
  });
});

test('X1: a failure is logged once, as an error with its code, and the same facts', async () => {
  const { all, url } = await run((_request, response) => sendJson(response, { code: 'NO' }, 404));
  expect(all[1]).toMatchObject({ logs: [] });
  expect(all.flatMap(({ errors }) => errors)).toHaveLength(1);
  const { message, error, extra } = all[1]!.errors[0]!;
  expect(message).toBe('Request failed');
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ code: 'NO' });
  expect(extra).toMatchObject({ status: 404, code: 'NO', method: 'POST', url: `${url}/things` });
});

const outcomes: [string, Answer, object, object][] = [
  ['a success', (_q, r) => sendJson(r, { reply: 'reply-secret' }), {}, {}],
  ['an error of the upstream', (_q, r) => sendJson(r, { message: 'reply-secret' }, 500), {}, {}],
  ['a broken answer', (_q, r) => r.destroy(), {}, {}],
  [
    'invalid JSON',
    (_q, r) => r.setHeader('content-type', 'application/json').end('reply-secret'),
    {},
    {},
  ],
  ['a timeout', () => undefined, { timeout: 30 }, {}],
  ['invalid args', () => undefined, { validationSchema: { required: ['no'] } }, {}],
  [
    'a hook that throws a client error',
    (_q, r) => sendJson(r, {}),
    {
      params: () => {
        throw clientError();
      },
    },
    {},
  ],
  [
    'a sendStats that throws a client error',
    (_q, r) => sendJson(r, {}),
    {},
    { sendStats: () => Promise.reject(clientError()) },
  ],
  [
    'a proxyDebugHeaders that throws a client error',
    (_q, r) => sendJson(r, {}),
    {},
    { proxyDebugHeaders: () => Promise.reject(clientError()) },
  ],
  [
    'a transformResponseError that throws a client error',
    (_q, r) => sendJson(r, {}, 500),
    {
      transformResponseError: () => {
        throw clientError();
      },
    },
    {},
  ],
];

/** As client libraries make them: with the request, its headers and its body hanging on. */
function clientError(): Error {
  return Object.assign(new Error('client failed'), {
    config: { headers: { authorization: 'auth-secret' }, data: 'args-secret' },
    response: { data: 'reply-secret' },
  });
}

test.each(outcomes)(
  'X1: no log entry of %s shows args, query, credentials or answers',
  async (...given) => {
    const [, answer, definition, config] = given;
    const { all } = await run(answer, definition, config);
    const text = textOf(all);
    expect(text).toContain('id-1');
    for (const secret of secrets) expect(text).not.toContain(secret);
  },
);

test.each([
  ['a huge message', { message: big, code: 'NO', details: [{ a: big }] }],
  ['a huge code', { code: big }],
  ['a huge type', { type: big, details: { title: big } }],
  ['an error that is all text', big],
])('L4: a log entry stays under 64 KiB with %s', async (_name, body) => {
  const { all } = await run((_request, response) => sendJson(response, body, 500));
  const [entry] = all[1]!.errors;
  expect(entry).toMatchObject({ message: 'Request failed', extra: { status: 500 } });
  expect(Buffer.byteLength(textOf(all))).toBeLessThan(65_536);
});

test('L4: a log entry stays under 64 KiB with a hook that throws a huge error', async () => {
  const { all } = await run((_q, r) => sendJson(r, {}), {
    params: () => {
      throw Object.assign(new Error(big), { code: big });
    },
  });
  expect(all[1]!.errors).toHaveLength(1);
  expect(Buffer.byteLength(textOf(all))).toBeLessThan(65_536);
});

test('X4: nothing goes to the console', async () => {
  const written: string[] = [];
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
  const spies = methods.map((name) =>
    jest.spyOn(console, name).mockImplementation(() => void written.push(name)),
  );
  for (const [, answer, definition, config] of outcomes) await run(answer, definition, config);
  spies.forEach((spy) => spy.mockRestore());
  expect(written).toEqual([]);
});
