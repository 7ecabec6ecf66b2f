import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';

const failure = {
  code: 'NO_USER',
  message: 'no such user',
  details: [{ '@type': 'type.googleapis.com/google.rpc.DebugInfo', detail: 'inner' }],
  debug: { stack: 'at inner' },
};

async function start(config: object) {
  const upstream = await startUpstream(({ url }, response) =>
    url === '/ok' ? sendJson(response, { id: 1 }) : sendJson(response, failure, 404),
  );
  const actions = {
    ok: { method: 'GET', path: '/ok' },
    bad: { method: 'GET', path: '/bad' },
    mixed: () => ({ from: 'function' }),
  };
  return startGateway({ root: { users: { endpoints: upstream.url, actions } } } as never, config);
}

test.each([
  ['users/ok', { id: 1 }],
  ['users/mixed', { from: 'function' }],
])('onRequestSuccess answers %s in place of the default, with the data', async (path, data) => {
  const gateway = await start({
    onRequestSuccess: (_req: unknown, res: any, got: unknown) =>
      res.status(201).set('x-own', 'yes').json({ got }),
  });
  const answer = await gateway.post(path);
  expect(answer).toMatchObject({ status: 201, headers: { 'x-own': 'yes' }, json: { got: data } });
});

test('onRequestSuccess may answer later than it returns', async () => {
  const gateway = await start({
    onRequestSuccess: (_req: unknown, res: any, data: unknown) => {
      setImmediate(() => res.json({ late: data }));
    },
  });
  expect(await gateway.post('users/ok')).toMatchObject({ status: 200, json: { late: { id: 1 } } });
});

test('onRequestFailed answers in place of the default, and gets the whole error with debug', async () => {
  const errors: any[] = [];
  const gateway = await start({
    onRequestFailed: (_req: unknown, res: any, error: any) => {
      errors.push(error);
      res.status(299).json({ own: true });
    },
  });
  expect(await gateway.post('users/bad')).toMatchObject({ status: 299, json: { own: true } });
  expect(errors).toMatchObject([
    {
      status: 404,
      code: 'NO_USER',
      message: 'no such user',
      debug: { stack: 'at inner' },
      details: { details: failure.details },
    },
  ]);
  expect(errors[0]).not.toBeInstanceOf(Error);
  expect(errors[0].requestId).toMatch(/./);
});

test('onRequestFailed is not asked for successes, onRequestSuccess not for failures', async () => {
  const called: string[] = [];
  const gateway = await start({
    onRequestSuccess: (_req: unknown, res: any) => res.json(called.push('success')),
    onRequestFailed: (_req: unknown, res: any) => res.json(called.push('failed')),
  });
  await gateway.post('users/ok');
  await gateway.post('users/bad');
  expect(called).toEqual(['success', 'failed']);
});

test('K4: onRequestFailed gets the failure of onRequestSuccess, unless an answer was begun', async () => {
  const codes: string[] = [];
  const gateway = await start({
    onRequestSuccess: (req: any, res: any) => {
      if (req.body.begin) res.write('half');
      throw Object.assign(new Error('broken'), { code: 'HOOK' });
    },
    onRequestFailed: (_req: unknown, res: any, error: any) => {
      codes.push(error.code);
      res.status(error.status).json({});
    },
  });
  expect(await gateway.post('users/ok')).toMatchObject({ status: 500 });
  await expect(gateway.post('users/ok', { begin: true })).rejects.toThrow();
  expect(codes).toEqual(['HOOK']);
});
