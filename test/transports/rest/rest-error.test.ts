import { sendJson, startUpstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

async function answerTo(body: unknown, status = 400, headers?: Record<string, string>) {
  const upstream = await startUpstream((_request, response) => sendJson(response, body, status));
  const { post } = await startRestAction(upstream.url);
  return post({}, headers);
}

test.each([400, 401, 404, 409, 418, 422, 429, 500, 501, 503, 599])(
  "an upstream's %d keeps its status",
  async (status) => {
    const answer = await answerTo({ code: 'X', message: 'm' }, status);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status, code: 'X', message: 'm' });
  },
);

test.each<[string, object, string]>([
  ['message', { message: 'one', details: [{ message: 'two' }], detail: 'three' }, 'one'],
  ['details[0].message', { details: [{ message: 'two' }], detail: 'three' }, 'two'],
  ['detail', { detail: 'three' }, 'three'],
  ['detail.Description', { detail: { Description: 'four', Body: 'five' } }, 'four'],
  ['detail.Body', { detail: { Body: 'five' } }, 'five'],
  ['nothing', {}, 'Request failed with status code 400'],
  ['members of other types', { message: 1, detail: {} }, 'Request failed with status code 400'],
])('the message comes from %s, and is the description', async (_source, body, message) => {
  const { json } = await answerTo(body);
  expect(json.message).toBe(message);
  expect(json.details.description).toBe(message);
});

test.each<[string, object, string]>([
  ['details[0].type', { details: [{ type: 'T0', code: 'C0' }], type: 'T', code: 'C' }, 'T0'],
  ['details[0].code', { details: [{ code: 'C0' }], type: 'T', code: 'C' }, 'C0'],
  ['type', { type: 'T', code: 'C' }, 'T'],
  ['code', { code: 'C' }, 'C'],
  ['a numeric code', { code: 17 }, '17'],
  ['the status', {}, '404 Not Found'],
])('the title comes from %s', async (_source, body, title) => {
  expect((await answerTo(body, 404)).json.details.title).toBe(title);
});

test.each([
  [{ accept: '*/*' }, 'Access denied'],
  [{ 'accept-language': 'ru-RU,en;q=0.5' }, 'Доступ запрещён'],
  [{ 'accept-language': 'fr, en;q=0.5' }, 'Access denied'],
])('the title of a 403 is localized: %j gives %s', async (headers, title) => {
  const { json } = await answerTo({ type: 'T', details: [{ type: 'T0' }] }, 403, headers);
  expect(json.details).toMatchObject({ title });
});

test.each([
  ['a string', 'CODE', 'CODE'],
  ['a number', 42, '42'],
  ['an object', { a: 1 }, 'GATEWAY_REQUEST_ERROR'],
  ['null', null, 'GATEWAY_REQUEST_ERROR'],
  ['empty', '', 'GATEWAY_REQUEST_ERROR'],
])('code is a string where it is %s', async (_kind, code, expected) => {
  expect((await answerTo({ code })).json.code).toBe(expected);
});

test('an object `details` is spread over type, title and description', async () => {
  const details = { title: 'own', field: 'name', nested: { a: [1] } };
  const { json } = await answerTo({ type: 'T', message: 'm', details });
  expect(json.details).toEqual({ type: 'T', description: 'm', ...details });
});

test.each([[[{ a: 1 }, 2]], ['text'], [7], [false]])(
  '`details` that is %j becomes details.details',
  async (details) => {
    const { json } = await answerTo({ message: 'm', details });
    expect(json.details).toEqual({ title: '400 Bad Request', description: 'm', details });
  },
);

test('I7 a `__proto__` key of details stays data', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end('{"details":{"__proto__":{"polluted":1},"constructor":2}}');
  });
  const { post } = await startRestAction(upstream.url);
  expect((await post()).text).toContain('"__proto__":{"polluted":1},"constructor":2');
  expect(({} as any).polluted).toBeUndefined();
});

test('debug of the body reaches callers of api, and the browser only with debug headers', async () => {
  const body = { code: 'X', message: 'm', debug: { sql: 'select 1' } };
  const upstream = await startUpstream((_request, response) => sendJson(response, body, 500));
  const plain = await startRestAction(upstream.url);
  const open = await startRestAction(upstream.url, {}, { withDebugHeaders: true });
  await expect(plain.call()).rejects.toMatchObject({ error: { debug: { sql: 'select 1' } } });
  expect((await plain.post()).json).not.toHaveProperty('debug');
  expect((await open.post()).json.debug).toEqual({ sql: 'select 1' });
});

test('the request id is in the answer', async () => {
  const answer = await answerTo({ code: 'X', requestId: 'theirs' }, 500, { 'x-request-id': 'r-1' });
  expect(answer.json.requestId).toBe('r-1');
});

test('a failed call of api rejects with a useful Error', async () => {
  const upstream = await startUpstream((_request, response) =>
    sendJson(response, { code: 'X', message: 'broken' }, 500),
  );
  const { call } = await startRestAction(upstream.url);
  const failure = await call({ requestId: 'r-2' }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(failure).toMatchObject({
    message: 'broken',
    error: { status: 500, code: 'X', message: 'broken', requestId: 'r-2' },
    debugHeaders: { 'x-request-id': 'r-2' },
    cause: { isAxiosError: true },
  });
});
