import { thrownValues } from '../fakes/thrown-values';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const hooks = [
  'onUnknownAction',
  'onBeforeAction',
  'getAuthArgs',
  'getAuthHeaders',
  'proxyHeaders',
  'onRequestSuccess',
] as const;
const ways = ['sync', 'async'] as const;

const cases = hooks.flatMap((hook) =>
  ways.flatMap((way) => thrownValues.map((value) => [hook, way, ...value] as const)),
);

function failing(way: 'sync' | 'async', thrown: unknown) {
  if (way === 'async')
    return async () => {
      await Promise.resolve();
      throw thrown;
    };
  return () => {
    throw thrown;
  };
}

function schemaFor(url: string) {
  return { root: { users: { endpoints: url, actions: { list: { method: 'GET', path: '/u' } } } } };
}

test.each(cases)('K1: %s that throws (%s) %s', async (hook, way, _name, thrown, expected) => {
  const upstream = await startUpstream();
  const gateway = await startGateway(schemaFor(upstream.url) as never, {
    [hook]: failing(way, thrown),
  });

  const answer = await gateway.post(hook === 'onUnknownAction' ? 'users/none' : 'users/list');

  expect(answer.json).toMatchObject(expected);
  expect(answer.status).toBe(answer.json.status);
  expect(answer.json.code).toMatch(/./);
  expect(answer.json.message).toMatch(/./);
  expect(answer.text).not.toContain('boom');
  expect(upstream.requests).toHaveLength(hook === 'onRequestSuccess' ? 1 : 0);
});

test.each(thrownValues)('K4: onRequestFailed that throws %s', async (_name, thrown, expected) => {
  const gateway = await startGateway(schemaFor('http://127.0.0.1:1') as never, {
    onRequestFailed: () => {
      throw thrown;
    },
  });
  const answer = await gateway.post('users/list');
  expect(answer.status).toBe(answer.json.status);
  expect(answer.json).toMatchObject(expected);
});

test.each(['onBeforeAction', 'onRequestSuccess'])(
  'a failing %s is answered like any failure: onRequestFailed gets it',
  async (hook) => {
    const upstream = await startUpstream();
    const gateway = await startGateway(schemaFor(upstream.url) as never, {
      [hook]: failing('async', { status: 409, code: 'BUSY', message: 'busy' }),
      onRequestFailed: (_req, res, error) => res.status(error.status).json({ own: error.code }),
    });
    const answer = await gateway.post('users/list');
    expect(answer).toMatchObject({ status: 409, json: { own: 'BUSY' } });
  },
);

test.each([
  ['onRequestSuccess', 'users/list'],
  ['onRequestFailed', 'users/gone'],
  ['onBeforeAction', 'users/list'],
  ['onUnknownAction', 'users/none'],
])('K4: %s that fails after it began to answer ends the connection', async (hook, path) => {
  const upstream = await startUpstream();
  const schema = {
    root: {
      users: {
        endpoints: upstream.url,
        actions: {
          list: { method: 'GET', path: '/u' },
          gone: { method: 'GET', path: '/g', endpoint: 'missing' },
        },
      },
    },
  };
  const gateway = await startGateway(schema as never, {
    [hook]: (_req: unknown, res: { write(text: string): void }) => {
      res.write('half');
      throw new Error('late');
    },
  });
  await expect(gateway.post(path)).rejects.toThrow(/aborted|hang up|ECONNRESET/);
});
