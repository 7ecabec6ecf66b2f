import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';

const debugInfo = { '@type': 'type.googleapis.com/google.rpc.DebugInfo', detail: 'secret-inner' };
const kept = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'KEPT' };

function nested(value: unknown, depth: number): unknown {
  let made = value;
  for (let level = 0; level < depth; level++) made = level % 2 ? [made] : { inner: made };
  return made;
}

async function start(body: unknown, config: object = {}) {
  const upstream = await startUpstream((_request, response) => sendJson(response, body, 400));
  const actions = {
    get: { method: 'GET', path: '/u' },
    literal: {
      method: 'GET',
      path: '/u',
      transformResponseError: () => ({ code: 'OWN', message: 'own', extra: [debugInfo, kept] }),
    },
    mixed: () => {
      const details = { at: new Date(0), list: [debugInfo, kept] };
      throw Object.assign(new Error('mixed'), { status: 422, details, debug: 'secret-inner' });
    },
  };
  return startGateway({ root: { users: { endpoints: upstream.url, actions } } } as never, config);
}

test('debug is removed from the default answer', async () => {
  const gateway = await start({ code: 'BAD', message: 'bad', debug: { host: 'secret-inner' } });
  const answer = await gateway.post('users/get');
  expect(answer.json).toMatchObject({ status: 400, code: 'BAD', message: 'bad' });
  expect(answer.text).not.toContain('secret-inner');
  expect(answer.json).not.toHaveProperty('debug');
});

const places: [string, unknown][] = [
  ['a list', [debugInfo, kept]],
  ['an object', { one: debugInfo, two: kept }],
  ['the details themselves', debugInfo],
  ['an undecoded Any', [{ type_url: debugInfo['@type'], value: 'secret-inner' }, kept]],
  ['depth 3', nested([debugInfo, kept], 3)],
  ['depth 99', nested([debugInfo, kept], 99)],
  ['depth 300', nested([debugInfo, kept], 300)],
];

test.each(places)(
  'R3: DebugInfo is removed in %s, what is beside it stays',
  async (_name, details) => {
    const gateway = await start({ code: 'BAD', message: 'bad', details });
    const answer = await gateway.post('users/get');
    expect(answer.json).toMatchObject({ status: 400, code: 'BAD' });
    expect(answer.text).not.toContain('secret-inner');
    expect(answer.text.includes('KEPT')).toBe(JSON.stringify(details).includes('KEPT'));
  },
);

test('R3: DebugInfo is removed from what transformResponseError returns', async () => {
  const gateway = await start({});
  const { json } = await gateway.post('users/literal');
  expect(json).toMatchObject({ code: 'OWN', extra: [kept] });
});

test('what a mixed action throws loses debug and DebugInfo, and nothing else', async () => {
  const gateway = await start({});
  const { json } = await gateway.post('users/mixed');
  expect(json.details).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [kept] });
  expect(json).not.toHaveProperty('debug');
});

test.each([
  ['true', true],
  ['a function', (req: any) => req.headers['x-debug'] === 'yes'],
  ['an async function', async (req: any) => Promise.resolve(req.headers['x-debug'] === 'yes')],
])('withDebugHeaders as %s shows debug, DebugInfo and debug headers', async (_name, option) => {
  const body = { message: 'bad', details: [debugInfo], debug: { deep: 1 } };
  const gateway = await start(body, { withDebugHeaders: option });
  const { json, headers } = await gateway.post('users/get', {}, { 'x-debug': 'yes' });
  expect(json).toMatchObject({ debug: { deep: 1 }, details: { details: [debugInfo] } });
  expect(headers).toMatchObject({ 'x-api-request-method': 'GET' });
});

test.each([
  ['left out', undefined],
  ['false', false],
  ['a function that says no', () => false],
  ['a function that says something else', () => 'yes'],
])('withDebugHeaders %s sets no debug header', async (_name, withDebugHeaders) => {
  const gateway = await start({ message: 'bad' }, { withDebugHeaders });
  const { headers } = await gateway.post('users/get');
  expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual(['x-powered-by']);
});

test.each([
  [
    'sync',
    () => {
      throw new Error('debug broke');
    },
  ],
  ['async', () => Promise.reject(new Error('debug broke'))],
])(
  'K3: a %s failing withDebugHeaders is asked and logged once, the call unaffected',
  async (_way, fail) => {
    const { ctx, all } = createRecordingContext();
    let asked = 0;
    const gateway = await start(
      { code: 'BAD', message: 'bad', debug: 'secret-inner' },
      {
        withDebugHeaders: () => {
          asked++;
          return fail();
        },
        onBeforeAction: (req: any) => void (req.ctx = ctx),
        onRequestSuccess: () => {
          throw new Error('later');
        },
      },
    );
    const answer = await gateway.post('users/get');
    expect(answer).toMatchObject({ status: 400, json: { code: 'BAD' } });
    expect(answer.text).not.toContain('secret-inner');
    const logged = all
      .flatMap(({ errors }) => errors)
      .filter(({ error }) => (error as Error).message === 'debug broke');
    expect(logged).toHaveLength(1);
    expect(asked).toBe(1);
  },
);

test('K3: a failing withDebugHeaders is asked and logged once when onRequestSuccess fails too', async () => {
  const { ctx, all } = createRecordingContext();
  const upstream = await startUpstream();
  const schema = {
    root: { users: { endpoints: upstream.url, actions: { get: { method: 'GET', path: '/' } } } },
  };
  const gateway = await startGateway(schema as never, {
    onBeforeAction: (req: any) => void (req.ctx = ctx),
    onRequestSuccess: () => {
      throw new Error('later');
    },
    withDebugHeaders: () => {
      throw new Error('debug broke');
    },
  });
  expect(await gateway.post('users/get')).toMatchObject({ status: 500 });
  const messages = all.flatMap(({ errors }) => errors).map(({ error }) => (error as Error).message);
  expect(messages.filter((message) => message === 'debug broke')).toHaveLength(1);
});
