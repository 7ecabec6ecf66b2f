import { GatewayCallError } from '../../lib';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';

const literal = { status: 418, code: 'TEAPOT', message: 'No coffee' };
const unknown = { status: 500, code: 'GATEWAY_REQUEST_ERROR', message: 'Internal error' };
const own = (message: string, members: object) => Object.assign(new Error(message), members);

async function fail(thrown: unknown) {
  const throwing = () => {
    throw thrown;
  };
  const rejecting = () => Promise.resolve().then(throwing);
  return startGateway({ root: { pages: { actions: { rejecting, throwing } } } });
}

test.each<[string, unknown, object]>([
  ['a literal with error', { error: literal }, literal],
  ['an Error with error', own('outer', { error: literal }), literal],
  ['an object with a status', literal, literal],
  [
    'an Error with a status',
    own('Gone', { status: 410, code: 'GONE' }),
    { status: 410, code: 'GONE', message: 'Gone' },
  ],
  ['a status without code and message', { status: 404 }, { ...unknown, status: 404 }],
  ['an Error', new TypeError('Broken'), { ...unknown, message: 'Broken' }],
  [
    'an Error with a code',
    own('Broken', { code: 'BROKEN' }),
    { ...unknown, code: 'BROKEN', message: 'Broken' },
  ],
  [
    'an Error with a number as code',
    own('Broken', { code: 7 }),
    { ...unknown, code: '7', message: 'Broken' },
  ],
  ['a status below 400', own('Broken', { status: 302 }), { ...unknown, message: 'Broken' }],
  ['a status above 599', own('Broken', { status: 600 }), { ...unknown, message: 'Broken' }],
  ['a broken status', own('Broken', { status: 404.5 }), { ...unknown, message: 'Broken' }],
  ['a status that is a text', own('Broken', { status: '404' }), { ...unknown, message: 'Broken' }],
  ['a text', 'broken', unknown],
  ['a number', 404, unknown],
  ['null', null, unknown],
  ['undefined', undefined, unknown],
  ['a symbol', Symbol('broken'), unknown],
  ['an error that is a text', { error: 'broken' }, unknown],
  ['an error without status', { error: {} }, unknown],
  [
    'an error with a status of success',
    { error: { ...literal, status: 200 } },
    { ...literal, status: 500 },
  ],
])('G3: %s is answered coded', async (_name, thrown, expected) => {
  const { post } = await fail(thrown);
  for (const action of ['rejecting', 'throwing']) {
    const { status, json } = await post(`pages/${action}`);
    expect(json).toMatchObject(expected);
    expect(status).toBe((json as typeof literal).status);
  }
});

test.each<[string, object]>([
  ['a literal', { error: literal }],
  ['an Error', own('outer', { error: literal })],
  ['a GatewayCallError', new GatewayCallError(literal)],
])('%s that has error is rethrown to callers as it is', async (_name, thrown) => {
  const { api } = await fail(thrown);
  await expect(api.pages.rejecting()).rejects.toBe(thrown);
  await expect(api.pages.throwing()).rejects.toBe(thrown);
});

test.each([
  ['an Error', new TypeError('Broken')],
  ['a text', 'broken'],
  ['null', null],
])('%s becomes a GatewayCallError with the thrown value as its cause', async (_name, thrown) => {
  const { api } = await fail(thrown);
  const [settled] = await Promise.allSettled([api.pages.rejecting({ requestId: 'request-1' })]);
  const { reason } = settled as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(GatewayCallError);
  expect(reason).toMatchObject({ error: { requestId: 'request-1' }, cause: thrown });
});

test('X3: the text of a system error, which names inner hosts and paths, is not answered', async () => {
  const thrown = own("ENOENT: no such file, open '/inner/path'", {
    code: 'ENOENT',
    syscall: 'open',
  });
  const { post } = await fail(thrown);
  const { status, json, text } = await post('pages/rejecting');
  expect([status, json.code]).toEqual([500, 'ENOENT']);
  expect(text).not.toContain('/inner/path');
});

test('the failure of an inner call is the failure of the action, unless it is caught', async () => {
  const upstream = await startUpstream((_request, response) =>
    sendJson(response, { code: 'NO_USER', message: 'There is no such user' }, 404),
  );
  const seen: unknown[] = [];
  const users = {
    endpoints: upstream.url,
    actions: { get: { method: 'GET', path: '/' } },
  } as const;
  const { api, post } = await startGateway({
    root: {
      users,
      pages: {
        actions: {
          passing: (inner: any) => inner.users.get(),
          caught: (inner: any) =>
            inner.users.get().catch((error: unknown) => void seen.push(error)),
        },
      },
    },
  });
  const error = { status: 404, code: 'NO_USER', message: 'There is no such user' };
  expect(await post('pages/passing')).toMatchObject({ status: 404, json: error });
  await expect(api.pages.passing()).rejects.toMatchObject({
    error,
    debugHeaders: { 'x-api-request-method': 'GET' },
  });
  expect((await post('pages/caught')).status).toBe(200);
  expect(seen).toEqual([expect.any(GatewayCallError)]);
});
