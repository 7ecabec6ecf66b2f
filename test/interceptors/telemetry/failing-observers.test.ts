import { createRecordingContext } from '../../fakes/recording-context';
import { eventually } from '../../servers/eventually';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

const throwing = () => {
  throw new Error('observer broke');
};
const rejecting = () => Promise.reject(new Error('observer broke'));

const ways = [
  ['throw', throwing],
  ['reject', rejecting],
] as const;

async function start(config: object = {}) {
  const upstream = await startUpstream(({ url }, response) =>
    url === '/ok' ? sendJson(response, { ok: true }) : sendJson(response, { code: 'NO' }, 404),
  );
  const actions = {
    ok: { method: 'GET', path: '/ok' },
    fail: { method: 'GET', path: '/fail' },
    stream: { method: 'GET', path: '/ok', responseType: 'stream' },
    own: {
      method: 'GET',
      path: '/fail',
      transformResponseError: throwing,
    },
    mixed: async (api: any) => ({ inner: await api.users.ok() }),
  };
  const schema = { root: { users: { endpoints: upstream.url, actions } } };
  return startGateway(schema as never, config);
}

const members = ['create', 'log', 'logError', 'end', 'stats', 'getMetadata', 'getTraceId'];

function brokenContext(names: readonly string[], broken: () => unknown): any {
  const ctx: any = {
    create: () => brokenContext(names, broken),
    log() {},
    logError() {},
    end() {},
  };
  for (const name of names) ctx[name] = broken;
  ctx.utils = { redactSensitiveHeaders: broken };
  return ctx;
}

const contexts = ways.flatMap(([way, broken]) => [
  ...members.map((name) => [way, name, () => brokenContext([name], broken)] as const),
  [way, 'everything', () => brokenContext(members, broken)] as const,
]);
const others = [
  ['be', 'an empty object', () => ({})],
  ['be', 'a context whose create gives nothing', () => brokenContext(['create'], () => undefined)],
] as const;

describe.each([...contexts, ...others])('G5: a ctx that %ss in %s', (_way, _what, createCtx) => {
  const config = { onBeforeAction: (req: any) => void (req.ctx = createCtx()) };

  test.each([
    ['users/ok', 200, { ok: true }],
    ['users/stream', 200, { ok: true }],
    ['users/mixed', 200, { inner: { ok: true } }],
    ['users/fail', 404, { status: 404, code: 'NO' }],
    ['users/own', 404, { status: 404, code: 'NO' }],
    ['users/none', 404, { code: 'UNKNOWN_SERVICE_ACTION' }],
  ])('changes no answer of %s', async (path, status, json) => {
    const gateway = await start(config);
    expect(await gateway.post(path)).toMatchObject({ status, json });
  });
});

const observers: [string, object][] = ways.flatMap(([way, broken]) => [
  [`sendStats that ${way}s`, { sendStats: broken }],
  [`proxyDebugHeaders that ${way}s`, { proxyDebugHeaders: broken }],
  [`withDebugHeaders that ${way}s`, { withDebugHeaders: broken }],
]);

test.each(observers)(
  'K3: %s is logged once a call, which it does not change',
  async (_name, hook) => {
    const { ctx, all } = createRecordingContext();
    const gateway = await start({ ...hook, onBeforeAction: (req: any) => void (req.ctx = ctx) });
    const failures = () =>
      all
        .flatMap(({ errors }) => errors)
        .filter(({ error }) => /observer broke/.test(String(error)));

    expect(await gateway.post('users/ok')).toMatchObject({ status: 200, json: { ok: true } });
    await eventually(() => failures().length > 0);
    expect(failures()).toHaveLength(1);
    expect(await gateway.post('users/fail')).toMatchObject({ status: 404, json: { code: 'NO' } });
    await eventually(() => failures().length > 1);
    expect(failures()).toHaveLength(2);
  },
);

test('G5: a logger that throws changes no answer', async () => {
  const logger = { debug: throwing, info: throwing, warn: throwing, error: throwing };
  const gateway = await start({ logger, sendStats: throwing });
  expect(await gateway.post('users/mixed')).toMatchObject({ status: 200 });
  expect(await gateway.post('users/fail')).toMatchObject({ status: 404, json: { code: 'NO' } });
});

test.each([
  [
    'whose wrap throws',
    class extends Error {
      static wrap = throwing;
    },
  ],
  ['without wrap', class extends Error {}],
])(
  'G5: an ErrorConstructor %s changes no answer, and the failure is still logged',
  async (_name, made) => {
    const { ctx, children } = createRecordingContext();
    const gateway = await start({
      ErrorConstructor: made,
      onBeforeAction: (req: any) => void (req.ctx = ctx),
    });
    expect(await gateway.post('users/fail')).toMatchObject({ status: 404, json: { code: 'NO' } });
    expect(children()).toMatchObject([{ ends: 1, errors: [{ message: 'Request failed' }] }]);
  },
);

test('a failing redaction hides all headers from sendStats, and the stats are sent', async () => {
  const records: unknown[][] = [];
  const { ctx } = createRecordingContext({ utils: { redactSensitiveHeaders: throwing } });
  const gateway = await start({ sendStats: (...given: unknown[]) => void records.push(given) });
  await (gateway.api as any).users.ok({ ctx });
  expect(records).toMatchObject([[{ action: 'ok' }, {}, {}, {}]]);
  expect(records[0]![1]).toEqual({});
});

test('metadata of an async getMetadata is sent', async () => {
  const upstream = await startUpstream();
  const schema = {
    root: { users: { endpoints: upstream.url, actions: { ok: { method: 'GET', path: '/' } } } },
  };
  const gateway = await startGateway(schema as never);
  const { ctx } = createRecordingContext({
    getMetadata: (() => Promise.resolve({ traceparent: '00-1' })) as never,
  });
  await (gateway.api as any).users.ok({ ctx });
  expect(upstream.last.headers).toMatchObject({ traceparent: '00-1' });
});
