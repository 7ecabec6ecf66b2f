import { Readable } from 'node:stream';
import { createRecordingContext } from '../../fakes/recording-context';
import { eventually } from '../../servers/eventually';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';

async function start() {
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/fail') return sendJson(response, { message: 'no' }, 500);
    if (url === '/silent') return undefined;
    if (url === '/cut') {
      response.setHeader('content-length', '100');
      response.write('half');
      return setTimeout(() => response.destroy(), 20);
    }
    return sendJson(response, { ok: true });
  });
  const get = (path: string, more = {}) => ({ method: 'GET', path, ...more });
  const actions = {
    ok: get('/ok'),
    fail: get('/fail'),
    silent: get('/silent', { timeout: 50 }),
    hang: get('/silent'),
    stream: get('/ok', { responseType: 'stream' }),
    cut: get('/cut', { responseType: 'stream' }),
    invalid: get('/ok', { validationSchema: { type: 'object', required: ['id'] } }),
    hole: get('/ok', {
      path: ({ id }: any) => `/x/${id}`,
    }),
    hook: get('/ok', {
      params: () => {
        throw new Error('hook');
      },
    }),
    transform: get('/ok', {
      transformResponseData: () => {
        throw new Error('hook');
      },
    }),
    lost: get('/ok', { endpoint: 'nowhere' }),
    mixed: () => ({ made: true }),
    broken: () => {
      throw new Error('broken');
    },
    inner: async (api: any) => [await api.users.ok(), await api.users.fail().catch(() => 'caught')],
    own: () => Readable.from(['a', 'b']),
  };
  const schema = { root: { users: { serviceName: 'people', endpoints: upstream.url, actions } } };
  return startGateway(schema as never);
}

const REST = { name: 'Gateway people % [rest]', type: 'rest' };
const MIXED = { name: 'Gateway people % [mixed]', type: 'mixed' };

async function runThroughApi(action: string, call: object = {}) {
  const gateway = await start();
  const recorded = createRecordingContext();
  const { users }: any = gateway.api;
  const outcome = await users[action]({ ctx: recorded.ctx, ...call }).then(
    ({ responseData }: any) => responseData,
    (error: unknown) => error,
  );
  return { ...recorded, outcome };
}

test.each([
  ['a REST success', 'ok', REST],
  ['a REST failure', 'fail', REST],
  ['a timeout', 'silent', REST],
  ['invalid args', 'invalid', REST],
  ['a path argument that is missing', 'hole', REST],
  ['a failing params', 'hook', REST],
  ['a failing transformResponseData', 'transform', REST],
  ['a missing endpoint', 'lost', REST],
  ['a mixed success', 'mixed', MIXED],
  ['a mixed failure', 'broken', MIXED],
])('G4: %s runs in one child, named and tagged, ended once', async (_name, action, kind) => {
  const { children, all } = await runThroughApi(action);
  expect(children()).toMatchObject([
    {
      name: kind.name.replace('%', action),
      tags: { action, service: 'people', type: kind.type },
      ends: 1,
    },
  ]);
  expect(all[0]).toMatchObject({ name: 'root', ends: 0 });
});

test('G4: calls inside of a mixed action run in children of its context, each ended once', async () => {
  const made: string[] = [];
  const ends: string[] = [];
  const createChild = (path: string): any => ({
    create: (name: string) => {
      made.push(`${path}/${name}`);
      return createChild(`${path}/${name}`);
    },
    log: () => undefined,
    logError: () => undefined,
    end: () => ends.push(path),
  });
  const gateway = await start();
  await (gateway.api as any).users.inner({ ctx: createChild('') });
  const outer = '/Gateway people inner [mixed]';
  expect(made).toEqual([
    outer,
    `${outer}/Gateway people ok [rest]`,
    `${outer}/Gateway people fail [rest]`,
  ]);
  expect(ends).toEqual([made[1], made[2], made[0]]);
});

test('G4: a call that is cancelled before or while it runs ends its context once', async () => {
  for (const reason of ['before', 'while']) {
    const abort = new AbortController();
    if (reason === 'before') abort.abort();
    else setTimeout(() => abort.abort(), 20);
    const { children, outcome } = await runThroughApi('hang', { abortSignal: abort.signal });
    expect(outcome.error).toMatchObject({ status: 499, code: 'ERR_CANCELED' });
    expect(children()).toMatchObject([{ ends: 1 }]);
  }
});

test.each(['stream', 'own'])(
  'G4: the context of %s ends when the stream has ended',
  async (action) => {
    const { children, outcome } = await runThroughApi(action);
    const context = children()[0]!;
    expect(context.ends).toBe(0);
    outcome.resume();
    await eventually(() => context.ends > 0);
    await new Promise(setImmediate);
    expect(context).toMatchObject({
      ends: 1,
      errors: [],
      logs: [{ message: 'Request completed' }],
    });
  },
);

test.each([
  ['fails under way', 'cut', (stream: Readable) => void stream.resume()],
  ['is destroyed by its reader', 'stream', (stream: Readable) => void stream.destroy()],
  [
    'is destroyed with an error',
    'stream',
    (stream: Readable) => void stream.on('error', () => undefined).destroy(new Error('enough')),
  ],
])(
  'G4: a stream that %s ends its context once, logged as a failure',
  async (_name, action, end) => {
    const { children, outcome } = await runThroughApi(action);
    const context = children()[0]!;
    end(outcome);
    await eventually(() => context.ends > 0);
    await new Promise(setImmediate);
    expect(context).toMatchObject({ ends: 1, logs: [], errors: [{ message: 'Request failed' }] });
  },
);
