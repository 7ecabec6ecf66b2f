import { bearerAuth, GatewayCallError } from '../../../lib';
import type { ApiServiceRestActionConfig, BearerAuthOptions } from '../../../lib';
import { createRecordingContext } from '../../fakes/recording-context';
import { failureOf } from '../../servers/start-rest-action';
import { startGateway } from '../../servers/start-gateway';
import { startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

interface User {
  id: string;
}

const verify = (token: string) => (token.startsWith('ann') ? { id: token } : undefined);
const whoami = { method: 'GET', path: '/' } as const;

const INVALID =
  'Bearer error="invalid_token", error_description="The access token is malformed, invalid or expired"';

async function start(options: Partial<BearerAuthOptions<User>> = {}, app: object = {}) {
  const upstream = await startUpstream();
  const seen: unknown[] = [];
  const s = {
    endpoints: upstream.url,
    actions: {
      whoami,
      user: (_api: any, _args: unknown) => 'done',
    },
    interceptors: [
      (next: any) => (call: any) => {
        seen.push(call.state.user);
        return next(call);
      },
    ],
  };
  const config = { interceptors: [bearerAuth<User>({ verify, ...options })] };
  const gateway = await startGateway({ root: { s } }, config, app);
  const ask = (authorization?: string) =>
    gateway.post('s/whoami', {}, authorization === undefined ? {} : { authorization });
  return { ...gateway, upstream, seen, ask };
}

test.each(['Bearer ann', 'bearer ann', 'BEARER  ann', 'Bearer ann-._~+/09AZ=='])(
  '%p lets the call pass, and its user stands in the state',
  async (authorization) => {
    const { ask, seen } = await start();
    expect(await ask(authorization)).toMatchObject({ status: 200 });
    expect(seen).toEqual([{ id: authorization.split(/ +/)[1] }]);
  },
);

test.each([undefined, '', 'Basic YW5uOmFubg==', 'Bearerann', 'Token ann', 'ann'])(
  'without a bearer token (%p) the call is 401, and no error is named',
  async (authorization) => {
    const { ask, upstream } = await start();
    const { status, headers, json } = await ask(authorization);
    expect({ status, challenge: headers['www-authenticate'] }).toEqual({
      status: 401,
      challenge: 'Bearer',
    });
    expect(json).toMatchObject({ code: 'UNAUTHENTICATED', message: 'Authentication is required' });
    expect(upstream.requests).toHaveLength(0);
  },
);

test.each([
  'Bearer',
  'Bearer ',
  'Bearer ann ann',
  'Bearer ann, Bearer bob',
  'Bearer "ann"',
  'Bearer ann=x',
  'Bearer ännn',
  `Bearer ${'ann'.repeat(1000)} `.repeat(2),
  'Bearer bob',
])('a token that is malformed or unknown (%.20p) is 401 invalid_token', async (authorization) => {
  const { ask, upstream } = await start();
  const { status, headers, json, text } = await ask(authorization);
  expect({ status, challenge: headers['www-authenticate'] }).toEqual({
    status: 401,
    challenge: INVALID,
  });
  expect(json).toMatchObject({ code: 'UNAUTHENTICATED', requestId: expect.any(String) });
  expect(text).not.toContain('bob');
  expect(upstream.requests).toHaveLength(0);
});

test('the refusal is told in Russian to who asks for it', async () => {
  const { post } = await start();
  const ru = { 'accept-language': 'ru' };
  expect((await post('s/whoami', {}, ru)).json.message).toBe('Требуется аутентификация');
  const { json } = await post('s/whoami', {}, { ...ru, authorization: 'Bearer bob' });
  expect(json.message).toBe('Токен доступа недействителен или просрочен');
});

test('the challenge names the realm', async () => {
  const { ask } = await start({ realm: 'the "shop" \\' });
  expect((await ask()).headers['www-authenticate']).toBe('Bearer realm="the \\"shop\\" \\\\"');
  expect((await ask('Bearer bob')).headers['www-authenticate']).toBe(
    INVALID.replace('Bearer ', 'Bearer realm="the \\"shop\\" \\\\", '),
  );
});

const throwing = (thrown: unknown) => () => {
  throw thrown as Error;
};

test.each<[string, () => any]>([
  ['undefined', () => undefined],
  ['null', () => null],
  ['false', () => false],
  ['a promise of nothing', () => Promise.resolve()],
  ['a thrown error', () => Promise.reject(new Error('why'))],
  ['a thrown string', throwing('why')],
  ['a thrown nothing', throwing(undefined)],
  ['a status that is none', () => Promise.reject(Object.assign(new Error('why'), { status: 200 }))],
  ['a status in letters', () => Promise.reject(Object.assign(new Error('why'), { status: '403' }))],
])('%s of verify is 401, the reason only in the cause (G5)', async (_what, failing) => {
  const { ask, upstream, api } = await start({ verify: failing, applyTo: ['http', 'api'] });
  const { status, text, json } = await ask('Bearer ann');
  expect({ status, code: json.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  expect(text).not.toContain('why');
  const failure = await failureOf(
    api.s.whoami({ headers: { authorization: 'Bearer ann' } } as never),
  );
  expect('cause' in failure).toBe(true);
  expect(upstream.requests).toHaveLength(0);
});

test.each<[string, unknown, object, string | undefined]>([
  [
    'a status',
    Object.assign(new Error('Directory is down'), { status: 503, code: 'DOWN' }),
    { status: 503, code: 'DOWN', message: 'Directory is down' },
    undefined,
  ],
  [
    'a 401 of its own',
    Object.assign(new Error('Locked'), { status: 401, code: 'LOCKED' }),
    { status: 401, code: 'LOCKED' },
    INVALID,
  ],
  [
    'a failure with a challenge',
    new GatewayCallError({ status: 401, code: 'MORE', message: 'More' }).withResponseHeaders({
      'www-authenticate': 'Bearer error="insufficient_scope"',
    }),
    { status: 401, code: 'MORE' },
    'Bearer error="insufficient_scope"',
  ],
])('%s that verify throws stands', async (_what, thrown, expected, challenge) => {
  const { ask } = await start({ verify: throwing(thrown) });
  const { status, json, headers } = await ask('Bearer ann');
  expect({ ...json, status }).toMatchObject(expected);
  expect(headers['www-authenticate']).toBe(challenge);
});

test('optional lets calls without a token pass, and no others', async () => {
  const { ask, seen } = await start({ optional: true });
  const statuses: number[] = [];
  for (const given of [undefined, 'Basic x', 'Bearer ann', 'Bearer bob', 'Bearer']) {
    statuses.push((await ask(given)).status);
  }
  expect(statuses).toEqual([200, 200, 200, 401, 401]);
  expect(seen).toEqual([undefined, undefined, { id: 'ann' }]);
});

test('calls of api pass unasked unless applyTo names them', async () => {
  const free = await start();
  expect(await free.api.s.whoami()).toMatchObject({ responseData: { ok: true } });
  const strict = await start({ applyTo: ['api', 'http'] });
  expect((await failureOf(strict.api.s.whoami())).error).toMatchObject({ status: 401 });
  const call = { headers: { Authorization: 'Bearer ann' } };
  expect(await strict.api.s.whoami(call)).toMatchObject({ responseData: { ok: true } });
  const twice = { headers: { authorization: ['Bearer ann', 'Bearer bob'] } } as never;
  expect((await failureOf(strict.api.s.whoami(twice))).error).toMatchObject({ status: 401 });
});

test('verify is given the call, and stateKey says where the user stands', async () => {
  const calls: unknown[] = [];
  const guard = bearerAuth({
    verify: async (token, { headers, origin, action }) => {
      calls.push([token, headers['x-device'], origin, action.name]);
      return Promise.resolve({ id: token });
    },
    stateKey: 'account',
  });
  const upstream = await startUpstream();
  const run: ApiServiceRestActionConfig = {
    ...whoami,
    params: (_args, _headers, { state }) => ({ query: state['account'] as object }),
  };
  const s = { endpoints: upstream.url, actions: { run }, interceptors: [guard] };
  const { post } = await startGateway({ root: { s } });
  await post('s/run', {}, { authorization: 'Bearer ann', 'x-device': 'd' });
  expect(calls).toEqual([['ann', 'd', 'http', 'run']]);
  expect(upstream.last.url).toBe('/?id=ann');
});

test('the log has the reason, not the token', async () => {
  const { ctx, all } = createRecordingContext();
  const use = (express: any, json: () => unknown) => {
    express.use(json(), (req: any, _res: any, next: () => void) => {
      req.ctx = ctx;
      next();
    });
  };
  const { ask } = await start({}, { use });
  await ask('Bearer secret-token');
  const [logged] = all.flatMap(({ errors }) => errors);
  expect(String((logged?.error as Error).message)).toContain('verify knows no user');
  expect(JSON.stringify(all)).not.toContain('secret-token');
});

test('the same on Express 4', async () => {
  const { ask } = await start({}, { express: 4 });
  expect((await ask()).headers['www-authenticate']).toBe('Bearer');
  expect((await ask('Bearer ann')).status).toBe(200);
});

test('JSON passes as bytes', async () => {
  const text = '{"big": 12345678901234567890}';
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end(text);
  });
  const s = {
    endpoints: upstream.url,
    actions: { whoami },
    interceptors: [bearerAuth({ verify })],
  };
  const { post } = await startGateway({ root: { s } });
  expect((await post('s/whoami', {}, { authorization: 'Bearer ann' })).text).toBe(text);
});

test.each<[string, object, RegExp]>([
  ['no verify', {}, /bearerAuth: verify must be a function/],
  ['a verify that is none', { verify: 'x' }, /verify must be a function/],
  ['an optional in letters', { verify, optional: 'yes' }, /optional must be true or false/],
  ['a realm on two lines', { verify, realm: 'a\r\nb' }, /realm must be/],
  ['a prototype as a place', { verify, stateKey: '__proto__' }, /stateKey must be/],
  ['no origin', { verify, applyTo: [] }, /applyTo must be/],
  ['an unknown origin', { verify, applyTo: ['https'] }, /applyTo must be/],
  ['a misspelt option', { verify, optionl: true }, /no option optionl/],
  ['headers that are no functions', { verify, headers: { 'x-user': 'id' } }, /headers must be/],
  ['headers that are none', { verify, headers: () => ({}), realm: 5 }, /must be/],
])('%s is refused when the interceptor is made (G6)', (_what, options, message) => {
  expect(() => bearerAuth(options as never)).toThrow(message);
});

test.each([
  ...[
    'x user',
    'x:user',
    '',
    'x-üser',
    'content-length',
    'Transfer-Encoding',
    'Host',
    'connection',
  ],
  ...['te', 'upgrade', 'grpc-timeout', ':path', 'proxy-authorization', 'content-encoding'],
])('the header name %p, illegal or framing, is refused when the interceptor is made', (name) => {
  expect(() => bearerAuth({ verify, headers: { [name]: () => 'x' } })).toThrow(/headers must be/);
});

test('two header names that differ in case only are refused', () => {
  const headers = { 'x-user': () => '1', 'X-User': () => '2' };
  expect(() => bearerAuth({ verify, headers })).toThrow(/headers must be/);
});
