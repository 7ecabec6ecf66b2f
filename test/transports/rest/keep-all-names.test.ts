import { sendJson, startUpstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

const HOSTILE =
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"prototype":3,"n":{"__proto__":{"polluted":4},"list":[{"__proto__":5}]}}';

afterEach(() => {
  expect(({} as any).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('I7: names that stand for prototypes reach the upstream as the body', async () => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url, {
    method: 'POST',
    params: (args) => ({ body: args }),
  });
  expect(await post(HOSTILE)).toMatchObject({ status: 200 });
  expect(upstream.last.body.toString()).toBe(HOSTILE);
  expect(upstream.last.headers['content-type']).toContain('application/json');
});

test('I7: and as the query', async () => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url, { params: (args) => ({ query: args }) });
  expect(await post('{"__proto__":"a","n":{"constructor":"b","prototype":"c"}}')).toMatchObject({
    status: 200,
  });
  const query = new URL(upstream.last.url, 'http://upstream').searchParams;
  expect([...query]).toEqual([
    ['__proto__', 'a'],
    ['n[constructor]', 'b'],
    ['n[prototype]', 'c'],
  ]);
});

test('I7: and as a form', async () => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url, {
    method: 'POST',
    params: (args) => ({
      body: args,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  });
  expect(await post('{"__proto__":"a","b":"c"}')).toMatchObject({ status: 200 });
  expect(upstream.last.body.toString()).toBe('__proto__=a&b=c');
});

test('I7: and back, in an answer and in an error', async () => {
  const upstream = await startUpstream((request, response) => {
    const details = JSON.parse(HOSTILE);
    if (request.url === '/run') sendJson(response, details);
    else sendJson(response, { code: 'NO', message: 'no', details }, 400);
  });
  const good = await startRestAction(upstream.url, { transformResponseData: (data) => data });
  expect((await good.post()).text).toBe(HOSTILE);
  const bad = await startRestAction(upstream.url, { path: '/bad' });
  const { status, text } = await bad.post();
  expect(status).toBe(400);
  expect(text).toContain('"__proto__":{"polluted":1}');
});

test('I7: args never reach the configuration of the client', async () => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url, {
    method: 'POST',
    params: (args) => ({ body: args, query: { q: 1 } }),
  });
  const body =
    '{"baseURL":"http://127.0.0.1:1","url":"/x","method":"DELETE","timeout":1,"headers":{"x-a":"b"}}';
  expect(await post(body)).toMatchObject({ status: 200 });
  expect(upstream.last).toMatchObject({ method: 'POST', url: '/run?q=1' });
  expect(upstream.last.headers).not.toHaveProperty('x-a');
  expect(upstream.last.body.toString()).toBe(body);
});

test('hostile members of args are no methods: the body is sent as it is', async () => {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url, {
    method: 'POST',
    params: (args) => ({ body: args }),
  });
  const body = '{"toJSON":"a","toString":"b","pipe":"c","append":"d","then":"e","length":2}';
  expect(await post(body)).toMatchObject({ status: 200 });
  expect(upstream.last.body.toString()).toBe(body);
});

test.each([
  ['body', (args: unknown) => ({ body: args })],
  ['query', (args: any) => ({ query: args })],
  ['nothing', () => ({})],
])(
  'deeply nested args as %s are answered, coded where they cannot be sent',
  async (_name, params) => {
    const upstream = await startUpstream();
    const { post, call } = await startRestAction(upstream.url, {
      method: 'POST',
      path: ({ a }) => `/run/${typeof a}`,
      params,
      validationSchema: { type: 'object', required: ['a'] },
    });
    const answer = await post(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`);
    if (answer.status !== 200) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.json).toMatchObject({ code: expect.any(String), message: expect.any(String) });
      expect(upstream.requests).toHaveLength(0);
    }
    await expect(call({ args: { a: 1 } })).resolves.toBeDefined();
  },
);
