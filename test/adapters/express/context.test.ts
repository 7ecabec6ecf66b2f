import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';

async function start(config: object = {}) {
  const upstream = await startUpstream(({ url }, response) =>
    url === '/ok' ? sendJson(response, { ok: true }) : sendJson(response, { code: 'NO' }, 404),
  );
  const seen: any[] = [];
  const params = (_args: object, _headers: object, { ctx }: any) => {
    seen.push(ctx);
    ctx.log('from params', { own: 1 });
    return {};
  };
  const actions = {
    ok: { method: 'GET', path: '/ok', params },
    fail: { method: 'GET', path: '/fail' },
  };
  const schema = { root: { users: { endpoints: upstream.url, actions } } };
  return { gateway: await startGateway(schema as never, config), seen };
}

test('without req.ctx hooks get a silent context with every method', async () => {
  const { gateway, seen } = await start();
  expect(await gateway.post('users/ok')).toMatchObject({ status: 200 });
  const [ctx] = seen;
  for (const name of ['create', 'log', 'logError', 'end', 'stats', 'getMetadata']) {
    expect(ctx[name]).toBeInstanceOf(Function);
  }
});

test('without req.ctx the config logger gets the entries, the pino way', async () => {
  const entries: [string, any, string][] = [];
  const level = (name: string) => (entry: object, message: string) =>
    void entries.push([name, entry, message]);
  const logger = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
  };
  const { gateway } = await start({ logger });
  await gateway.post('users/ok', {}, { 'x-request-id': 'id-1' });
  await gateway.post('users/fail', {}, { 'x-request-id': 'id-2' });

  const about = { service: 'users', type: 'rest' };
  const ok = { ...about, action: 'ok', context: 'Gateway users ok [rest]' };
  const fail = { ...about, action: 'fail', context: 'Gateway users fail [rest]' };
  expect(entries).toMatchObject([
    ['info', { ...ok, own: 1 }, 'from params'],
    ['info', { ...ok, requestId: 'id-1', status: 200 }, 'Request completed'],
    ['debug', { responseStatus: 200 }, 'stats'],
    ['error', { ...fail, requestId: 'id-2', status: 404, code: 'NO' }, 'Request failed'],
    ['debug', { responseStatus: 404 }, 'stats'],
  ]);
  expect(entries[3]![1].err).toBeInstanceOf(Error);
});

test('a hook that breaks is told to the logger, one that refuses on purpose is not', async () => {
  const messages: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error: ({ err }: any, message: string) => void messages.push(`${message}: ${err.message}`),
  };
  const { gateway } = await start({
    logger,
    onBeforeAction: ({ body }: any) => {
      throw Object.assign(new Error('bug'), body.refuse && { status: 403, code: 'DENIED' });
    },
  });
  expect(await gateway.post('users/ok', { refuse: true })).toMatchObject({ status: 403 });
  expect(await gateway.post('users/ok')).toMatchObject({ status: 500 });
  expect(messages).toEqual(['onBeforeAction failed: bug']);
});
