import { createRecordingContext } from '../../fakes/recording-context';
import { sendJson, startRawUpstream, startUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

const theirs = { code: 'THEIRS', message: 'their message', details: { a: 1 }, debug: 'd' };

async function start(transformResponseError: (...args: any[]) => any, status = 409) {
  const upstream = await startUpstream((_request, response) => sendJson(response, theirs, status));
  return startRestAction(upstream.url, { transformResponseError });
}

test('it is given the response, its body parsed, with args and ctx', async () => {
  const given = jest.fn();
  const { ctx } = createRecordingContext();
  const { call } = await start(given);
  await failureOf(call({ args: { id: 7 }, ctx }));
  const [response, options] = given.mock.calls[0];
  expect(response).toMatchObject({ status: 409, data: theirs });
  expect(response.headers['content-type']).toBe('application/json');
  expect(options.args).toEqual({ id: 7 });
  expect(options.ctx.logError).toEqual(expect.any(Function));
});

test.each<[string, object, object]>([
  [
    'a whole literal',
    { status: 418, code: 'OURS', message: 'm', details: { b: 2 } },
    { status: 418, code: 'OURS', message: 'm', details: { b: 2 } },
  ],
  ['no status', { code: 'OURS', message: 'm' }, { status: 409, code: 'OURS', message: 'm' }],
  ['no code', { status: 400, message: 'm' }, { status: 400, code: 'THEIRS', message: 'm' }],
  ['no message', { code: 'OURS' }, { code: 'OURS', message: 'their message' }],
  ['nothing in it', {}, { status: 409, code: 'THEIRS', message: 'their message' }],
  ['a status below 400', { status: 200, code: 'OURS' }, { status: 409, code: 'OURS' }],
  ['a status above 599', { status: 600, code: 'OURS' }, { status: 409, code: 'OURS' }],
  ['a fractional status', { status: 400.5, code: 'OURS' }, { status: 409, code: 'OURS' }],
  ['a numeric code', { code: 42 }, { code: '42' }],
  ['an empty code', { code: '' }, { code: 'THEIRS' }],
  ['a message that is no text', { code: 'OURS', message: {} }, { message: 'their message' }],
  ['an own request id', { requestId: 'mine' }, { requestId: 'mine' }],
])('a literal with %s', async (_kind, literal, expected) => {
  const { post, call } = await start(() => literal);
  const answer = await post();
  expect(answer.json).toMatchObject(expected);
  expect(answer.status).toBe(answer.json.status);
  const failure = await failureOf(call());
  expect(failure).toBeInstanceOf(Error);
  expect(failure.error).toMatchObject(expected);
});

test('details are those of the literal alone, the request id is added', async () => {
  const { post } = await start(() => ({ code: 'OURS', message: 'm' }));
  const answer = await post({}, { 'x-request-id': 'r-1' });
  expect(answer.json).toEqual({ status: 409, code: 'OURS', message: 'm', requestId: 'r-1' });
});

test('debug of a literal is for those who may see it', async () => {
  const { post, call } = await start(() => ({ code: 'OURS', debug: 'secret' }));
  expect((await post()).text).not.toContain('secret');
  expect((await failureOf(call())).error.debug).toBe('secret');
});

test('it may be async', async () => {
  const { post } = await start(async () => Promise.resolve({ status: 403, code: 'LATER' }));
  expect((await post()).json).toMatchObject({ status: 403, code: 'LATER' });
});

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('secret');
    },
  ],
  [
    'throws null',
    () => {
      throw null; // eslint-disable-line @typescript-eslint/only-throw-error -- users do
    },
  ],
  ['rejects', () => Promise.reject(new Error('secret'))],
  ['gives undefined', () => undefined],
  ['gives null', () => null],
  ['gives a string', () => 'secret'],
  [
    'gives what throws when read',
    () => ({
      get code() {
        throw new Error('secret');
      },
    }),
  ],
])("K2 the upstream's error stands when it %s", async (_kind, transform) => {
  const { post } = await start(transform);
  const answer = await post();
  expect(answer.status).toBe(409);
  expect(answer.json).toMatchObject({
    code: 'THEIRS',
    message: 'their message',
    details: { a: 1 },
  });
  expect(answer.text).not.toContain('secret');
});

test.each<[string, object]>([
  [
    'circular',
    (() => {
      const literal: any = { code: 'OURS' };
      literal.details = literal;
      return literal;
    })(),
  ],
  ['a bigint', { code: 'OURS', details: { n: 1n } }],
  ['details null', { code: 'OURS', message: 'm'.repeat(100_000), details: null, extra: 1n }],
  ['very large', { code: 'OURS', details: { list: 'x'.repeat(200_000) } }],
])('L4, G3 a literal that is %s is still answered coded, under 64 KB', async (_kind, literal) => {
  const { post } = await start(() => literal);
  const answer = await post();
  expect(answer.json).toMatchObject({ status: 409, code: 'OURS' });
  expect(answer.body.length).toBeLessThan(65_536);
});

test('it is not asked when the upstream has not answered', async () => {
  const transformResponseError = jest.fn();
  const upstream = await startRawUpstream((socket) => socket.destroy());
  const { post } = await startRestAction(upstream.url, { transformResponseError });
  expect((await post()).status).toBe(502);
  expect(transformResponseError).not.toHaveBeenCalled();
});
