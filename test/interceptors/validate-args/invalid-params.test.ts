import { mixed } from '../../../lib';
import { createRecordingContext } from '../../fakes/recording-context';
import { startRestAction } from '../../servers/start-rest-action';
import { startGateway } from '../../servers/start-gateway';
import { startUpstream } from '../../servers/start-upstream';

const schema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: 1 },
    kind: { enum: ['a', 'b'] },
    name: { type: 'string', pattern: '^[a-z]+$', maxLength: 4 },
    fixed: { const: 'one' },
    list: { type: 'array', uniqueItems: true, items: { type: 'boolean' } },
    deep: {
      type: 'object',
      properties: { by: { type: 'object', propertyNames: { maxLength: 2 } } },
    },
    either: { oneOf: [{ type: 'number' }, { type: 'null' }] },
  },
};

const SECRET = 'hunter2-canary';

const invalid: [string, unknown, RegExp][] = [
  ['a missing argument', {}, /id/],
  ['another type', { id: SECRET }, /id.*integer/],
  ['a number out of range', { id: -48151623 }, /id/],
  ['another value', { id: 1, kind: SECRET }, /kind/],
  ['a text that does not fit', { id: 1, name: SECRET }, /name/],
  ['something else than a constant', { id: 1, fixed: SECRET }, /fixed/],
  ['an element of another type', { id: 1, list: [true, SECRET] }, /list/],
  ['elements that are the same', { id: 1, list: [SECRET, SECRET] }, /list/],
  ['an unknown argument', { id: 1, [SECRET]: SECRET }, /additional/],
  ['a name that does not fit', { id: 1, deep: { by: { [SECRET]: 1 } } }, /deep/],
  ['none of several', { id: 1, either: SECRET }, /either/],
];

test.each(invalid)(
  'I6: %s is 400 INVALID_PARAMS, which tells where but no value',
  async (_name, args, where) => {
    const upstream = await startUpstream();
    const logged: unknown[] = [];
    const log = (...entry: unknown[]) => void logged.push(entry);
    const { post } = await startRestAction(
      upstream.url,
      { validationSchema: schema },
      { logger: { info: log, warn: log, error: log, debug: log }, withDebugHeaders: true },
    );
    const answer = await post(args);
    expect(answer).toMatchObject({
      status: 400,
      json: {
        status: 400,
        code: 'INVALID_PARAMS',
        message: expect.any(String),
        details: { title: expect.any(String), description: expect.stringMatching(where) },
      },
    });
    const told = answer.text + JSON.stringify(answer.headers) + JSON.stringify(logged);
    expect(told).not.toMatch(/hunter2|canary|48151623/);
    expect(upstream.requests).toHaveLength(0);
  },
);

test('validation comes before endpoint, headers, auth, params and path', async () => {
  const upstream = await startUpstream();
  const ran: string[] = [];
  const note = (name: string) => (): any => void ran.push(name);
  const { post } = await startRestAction(upstream.url, {
    validationSchema: schema,
    endpoint: note('endpoint'),
    proxyHeaders: note('proxyHeaders'),
    getAuthHeaders: note('getAuthHeaders'),
    params: note('params'),
    path: note('path'),
  });
  expect(await post({})).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMS' } });
  expect(ran).toEqual([]);
});

test('a mixed action is not run, and ctx is ended, for args that do not fit', async () => {
  const { ctx, children } = createRecordingContext();
  const run = jest.fn();
  const get = mixed(run, { validationSchema: schema });
  const { api } = await startGateway({ root: { s: { actions: { get } } } });
  await expect(api.s.get({ args: {}, ctx })).rejects.toMatchObject({
    error: { code: 'INVALID_PARAMS' },
  });
  expect(run).not.toHaveBeenCalled();
  expect(children().map(({ ends }) => ends)).toEqual([1]);
});

test('concurrent calls never see the errors of each other', async () => {
  const get = mixed(() => 'ok', { validationSchema: schema });
  const { post } = await startGateway({ root: { s: { actions: { get } } } });
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => post('s/get', i % 2 ? { id: 1 } : { id: 'x' })),
  );
  answers.forEach(({ status }, i) => expect(status).toBe(i % 2 ? 200 : 400));
});

test('validation does not change the args', async () => {
  const withDefault = { type: 'object', properties: { a: { type: 'number', default: 1 } } };
  const get = mixed((_api, args) => args, { validationSchema: withDefault });
  const { post } = await startGateway({ root: { s: { actions: { get } } } });
  expect((await post('s/get', { b: '1' })).json).toEqual({ b: '1' });
});

test.each(['{"__proto__":{"id":1}}', '{"constructor":{"id":1}}', '{"__proto__":1}'])(
  'I7: what %s inherits or seems to inherit satisfies no schema',
  async (body) => {
    const get = mixed(() => 'ok', { validationSchema: { type: 'object', required: ['id'] } });
    const { post } = await startGateway({ root: { s: { actions: { get } } } });
    expect(await post('s/get', body)).toMatchObject({
      status: 400,
      json: { code: 'INVALID_PARAMS' },
    });
    expect(({} as any).id).toBeUndefined();
  },
);
