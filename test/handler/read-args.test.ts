import { startGateway } from '../servers/start-gateway';
import type { AppOptions } from '../servers/start-gateway';

const seen: unknown[] = [];

async function start(options: AppOptions = {}) {
  seen.length = 0;
  const echo = (_api: unknown, args: unknown) => void seen.push(args);
  return startGateway({ root: { s: { actions: { echo } } } }, {}, options);
}

const JSON_TYPE = { 'content-type': 'application/json' };
const versions = [4, 5] as const;

describe.each(versions)('with Express %d', (express) => {
  test('args are the body', async () => {
    const { post } = await start({ express });
    expect(await post('s/echo', { a: [1, null] })).toMatchObject({ status: 200, text: '' });
    expect(seen).toEqual([{ a: [1, null] }]);
  });

  test('args of a GET are the query', async () => {
    const { send } = await start({ express });
    const answer = await send('GET', 's/echo?a=1&b=x%20y&c=1&c=2', JSON_TYPE, '{"no":1}');
    expect(answer.status).toBe(200);
    expect(seen).toEqual([{ a: '1', b: 'x y', c: ['1', '2'] }]);
  });

  test.each([
    ['no body', undefined, {}],
    ['an empty object', '{}', {}],
  ])('I5: %s is read as no args', async (_name, body, args) => {
    const { send } = await start({ express });
    expect(await send('POST', 's/echo', body ? JSON_TYPE : {}, body)).toMatchObject({
      status: 200,
    });
    expect(seen).toEqual([args]);
  });

  test.each(['1', '"text"', 'true', 'false', '0', '""', '[]', '[{"a":1}]'])(
    'I5: the body %s is a coded 400',
    async (body) => {
      const gateway = await start({
        express,
        use: (app, json: any) => app.use(json({ strict: false })),
      });
      const answer = await gateway.post('s/echo', body);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({
        status: 400,
        code: 'INVALID_BODY',
        message: expect.any(String),
      });
      expect(seen).toEqual([]);
    },
  );

  test('I5: the body null is read as no args', async () => {
    const gateway = await start({
      express,
      use: (app, json: any) => app.use(json({ strict: false })),
    });
    expect(await gateway.post('s/echo', 'null')).toMatchObject({ status: 200 });
    expect(seen).toEqual([{}]);
  });

  test.each([
    ['a Buffer', () => Buffer.from('{"a":1}')],
    ['a string', () => '{"a":1}'],
    ['a view of bytes', () => new Uint8Array(2)],
    ['a function', () => () => 1],
  ])('I5: %s in place of a parsed body is a coded 400', async (_name, create) => {
    const { post } = await start({
      express,
      use: (app) =>
        app.use((req: any, _res: unknown, next: () => void) => {
          req.body = create();
          next();
        }),
    });
    expect(await post('s/echo')).toMatchObject({ status: 400, json: { code: 'INVALID_BODY' } });
    expect(seen).toEqual([]);
  });

  test('I5: a forgotten express.json() is named', async () => {
    const { post, send } = await start({ express, use: () => undefined });
    const answer = await post('s/echo', { a: 1 });
    expect(answer).toMatchObject({ status: 400, json: { code: 'BODY_NOT_PARSED' } });
    expect(answer.json.message).toContain('express.json()');
    expect(answer.json.message).toContain('content-type: application/json');
    expect(await send('POST', 's/echo')).toMatchObject({ status: 200 });
    expect(await send('GET', 's/echo?a=1')).toMatchObject({ status: 200 });
    expect(seen).toEqual([{}, { a: '1' }]);
  });
});

test('I5: a scalar or null as args of the api is given to the action as it is, or as no args', async () => {
  const { api } = await start();
  for (const args of [undefined, null, 'text', [1]]) await api.s.echo({ args } as never);
  expect(seen).toEqual([{}, {}, 'text', [1]]);
});

test('I7: hostile keys of a query change no prototype', async () => {
  const { get } = await start({ express: 4 });
  await get('s/echo?__proto__[polluted]=1&constructor[prototype][polluted]=1&a=1');
  expect(seen).toMatchObject([{ a: '1' }]);
  expect(({} as any).polluted).toBeUndefined();
});
