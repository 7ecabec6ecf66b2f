import { startUpstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

const text = '{"id": 12345678901234567890, "price": 1.10, "n": -0, "e": 1e400}';
const parsed = JSON.stringify(JSON.parse(text));

const answerJson = (body: string | Buffer, type = 'application/json') =>
  startUpstream((_request, response) =>
    response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(body),
  );

test.each(['application/json', 'application/json; charset=UTF-8', 'application/hal+json', ''])(
  'U7 untransformed JSON under %j is answered digit for digit',
  async (type) => {
    const upstream = await answerJson(text, type);
    const { post } = await startRestAction(upstream.url);
    const answer = await post();
    expect(answer.text).toBe(text);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  },
);

test('U7 responseType json does not change that, whatever the type', async () => {
  const upstream = await answerJson(text, 'text/plain');
  const { post } = await startRestAction(upstream.url, { responseType: 'json' });
  expect((await post()).text).toBe(text);
});

const identity = (value: any) => value;

test.each<[string, object, object]>([
  ['passThrough: false', {}, { passThrough: false }],
  ['transformResponseData', { transformResponseData: identity }, {}],
  ['a response interceptor', {}, { axiosInterceptors: { response: [{ callback: identity }] } }],
  [
    'onRequestSuccess',
    {},
    { onRequestSuccess: (_req: unknown, res: any, data: unknown) => res.json(data) },
  ],
])('with %s the data is parsed and written anew', async (_name, definition, config) => {
  const upstream = await answerJson(text);
  const { post } = await startRestAction(upstream.url, definition, config);
  expect((await post()).text).toBe(parsed);
});

test('callers of api and mixed actions get parsed data', async () => {
  const upstream = await answerJson(text);
  const { call } = await startRestAction(upstream.url);
  expect((await call()).responseData).toEqual(JSON.parse(text));
});

const scalars = ['"text"', '""', '"<script>"', '0', '12.5', 'true', 'false', '[]', '{}'];

test.each(
  scalars.flatMap((scalar) => [
    [scalar, true],
    [scalar, false],
  ]),
)('U7 the JSON %s keeps value and type (passThrough %s)', async (scalar, passThrough) => {
  const upstream = await answerJson(scalar);
  const { post } = await startRestAction(upstream.url, {}, { passThrough: passThrough });
  const answer = await post();
  expect(answer.text).toBe(scalar);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
});

test.each([true, false])('a JSON null is an empty answer (passThrough %s)', async (passThrough) => {
  const upstream = await answerJson('null');
  const { post, call } = await startRestAction(upstream.url, {}, { passThrough });
  expect(await post()).toMatchObject({ status: 200, text: '' });
  expect((await call()).responseData).toBeNull();
});

test('what is not UTF-8 is never passed on under a UTF-8 type', async () => {
  const upstream = await answerJson(Buffer.from('{"a":"\u00e9"}', 'latin1'));
  const { post } = await startRestAction(upstream.url);
  expect((await post()).body).toEqual(Buffer.from('{"a":"\ufffd"}'));
});
