import { sendJson, startUpstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

const answerWith = (type: string | undefined, status = 200) =>
  startUpstream((_request, response) =>
    response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end('{}'),
  );

test.each<[string, string | readonly string[]]>([
  ['application/json', 'application/json'],
  ['application/json; charset=utf-8', 'application/json'],
  ['Application/JSON', 'application/json'],
  ['application/json', 'application/json; charset=utf-8'],
  ['text/csv', ['application/json', 'text/csv']],
])('%s is accepted where %j is expected', async (type, expectedResponseContentType) => {
  const upstream = await answerWith(type);
  const { post } = await startRestAction(upstream.url, { expectedResponseContentType });
  expect((await post()).status).toBe(200);
});

test.each<[string | undefined, string | readonly string[]]>([
  ['text/html', 'application/json'],
  ['application/jsonp', 'application/json'],
  [undefined, 'application/json'],
  ['text/html', ['application/json', 'text/csv']],
  ['application/json', []],
])('%s is 415 where %j is expected', async (type, expectedResponseContentType) => {
  const upstream = await answerWith(type);
  const { post } = await startRestAction(upstream.url, { expectedResponseContentType });
  const answer = await post();
  expect(answer.status).toBe(415);
  expect(answer.json).toMatchObject({ status: 415, code: 'INVALID_RESPONSE_CONTENT_TYPE' });
});

test("the action's expectation wins over the config's", async () => {
  const upstream = await answerWith('text/csv');
  const config = { expectedResponseContentType: 'application/json' };
  const own = await startRestAction(
    upstream.url,
    { expectedResponseContentType: 'text/csv' },
    config,
  );
  const inherited = await startRestAction(upstream.url, {}, config);
  expect((await own.post()).status).toBe(200);
  expect((await inherited.post()).status).toBe(415);
});

test('an error of the upstream is that error, whatever its type', async () => {
  const upstream = await startUpstream((_request, response) =>
    response.writeHead(503, { 'content-type': 'text/html' }).end('<p>'),
  );
  const { post } = await startRestAction(upstream.url, {
    expectedResponseContentType: 'application/json',
  });
  expect((await post()).status).toBe(503);
});

test('U6 a 204 has no content, so no type', async () => {
  const upstream = await startUpstream((_request, response) => response.writeHead(204).end());
  const { post } = await startRestAction(upstream.url, {
    expectedResponseContentType: 'application/json',
  });
  expect(await post()).toMatchObject({ status: 200, text: '' });
});

test('a stream of another type is ended', async () => {
  let onClose = () => {};
  const closed = new Promise<void>((resolve) => (onClose = resolve));
  const upstream = await startUpstream((_request, response) => {
    response.once('close', onClose);
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write('first');
  });
  const { post } = await startRestAction(upstream.url, {
    responseType: 'stream',
    expectedResponseContentType: 'application/json',
  });
  expect((await post()).status).toBe(415);
  await closed;
});

test('the hooks for data are not asked', async () => {
  const upstream = await startUpstream((_request, response) => sendJson(response, {}));
  const transformResponseData = jest.fn();
  const transformResponseError = jest.fn();
  const { post } = await startRestAction(upstream.url, {
    expectedResponseContentType: 'text/csv',
    transformResponseData,
    transformResponseError,
  });
  expect((await post()).status).toBe(415);
  expect(transformResponseData).not.toHaveBeenCalled();
  expect(transformResponseError).not.toHaveBeenCalled();
});
