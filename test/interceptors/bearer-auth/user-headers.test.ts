import { bearerAuth } from '../../../lib';
import type { ApiServiceRestActionConfig, BearerAuthOptions, Interceptor } from '../../../lib';
import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';
import { startShop } from '../../transports/grpc/start-shop';

watchProcess();

interface User {
  id: string;
  role?: string;
}

const options: BearerAuthOptions<User> = {
  verify: (token) => ({ id: token }),
  headers: { 'X-User-Id': ({ id }) => id, 'x-role': async ({ role }) => Promise.resolve(role) },
};
const token = { authorization: 'Bearer ann' };
/** The ways in which a client may write the names. */
const forged = { 'x-user-id': 'forged', 'X-ROLE': 'admin' };

/** Copies everything it can reach, as careless configuration does. */
const copying: ApiServiceRestActionConfig = {
  method: 'GET',
  path: '/',
  proxyHeaders: (headers) => headers,
};
const listing: ApiServiceRestActionConfig = { ...copying, proxyHeaders: ['x-user-id', 'x-role'] };
const careless: ApiServiceRestActionConfig = {
  ...copying,
  getAuthHeaders: ({ requestHeaders }) => requestHeaders,
  params: (_args, headers) => ({ headers }),
};

async function startEcho() {
  return startUpstream(({ headers }, response) => {
    sendJson(response, { user: headers['x-user-id'], role: headers['x-role'] });
  });
}

async function start(own: Partial<BearerAuthOptions<User>> = {}, before: Interceptor[] = []) {
  const { url } = await startEcho();
  const actions = { copying, listing, careless };
  const outer = {
    all: async ({ everywhere: { s } }: any) => [
      await s.copying(),
      await s.listing(),
      await s.careless(),
    ],
    headers: (_api: any, _args: unknown, { headers }: any) => ({ ...headers }),
  };
  const guard = bearerAuth({ ...options, ...own });
  const schemas = {
    everywhere: {
      s: { endpoints: url, actions, interceptors: [guard] },
      outer: { actions: outer, interceptors: [guard] },
    },
    inside: { s: { endpoints: url, actions, interceptors: [guard] } },
  };
  const root = { outer: { actions: { all: (api: any) => api.inside.s.copying() } } };
  return startGateway({ ...schemas, root }, { interceptors: before });
}

test.each(['copying', 'listing', 'careless'])(
  'the user goes upstream as the chosen headers, and nobody can forge them (%s)',
  async (action) => {
    const { post } = await start();
    const { json } = await post(`everywhere/s/${action}`, {}, { ...token, ...forged });
    expect(json).toEqual({ user: 'ann' });
  },
);

test.each(['copying', 'listing', 'careless'])(
  'without a token nobody can forge them where the token is optional (%s)',
  async (action) => {
    const { post } = await start({ optional: true });
    expect((await post(`everywhere/s/${action}`, {}, forged)).json).toEqual({});
  },
);

test('inner calls of a mixed action carry them too, and only the real ones', async () => {
  const { post } = await start();
  const { json } = await post('everywhere/outer/all', {}, { ...token, ...forged });
  expect(json).toEqual([{ user: 'ann' }, { user: 'ann' }, { user: 'ann' }]);
  const { json: headers } = await post('everywhere/outer/headers', {}, { ...token, ...forged });
  expect(Object.keys(headers)).not.toContain('x-user-id');
  expect(Object.keys(headers)).not.toContain('x-role');
});

test('an inner call is not believed either, where only the inner service is guarded', async () => {
  const { post } = await start();
  expect((await post('outer/all', {}, forged)).json).toEqual({});
  const asked = await start({ applyTo: ['http', 'inner'] });
  expect((await asked.post('outer/all', {}, forged)).status).toBe(401);
  expect((await asked.post('outer/all', {}, { ...token, ...forged })).json).toEqual({
    user: 'ann',
  });
});

test('what the server itself writes in a call of api stands, unless the call is guarded', async () => {
  const call = { headers: { 'X-User-Id': 'job', ...token } } as never;
  const { api } = await start();
  expect(await api.everywhere.s.listing(call)).toMatchObject({ responseData: { user: 'job' } });
  const strict = await start({ applyTo: ['api'] });
  expect(await strict.api.everywhere.s.listing(call)).toMatchObject({
    responseData: { user: 'ann' },
  });
});

test('headers that other interceptors send stay', async () => {
  const other: Interceptor = (next) => (call) =>
    next({ ...call, upstreamHeaders: { 'x-role': 'guest', 'x-other': 'o' } });
  const { post } = await start({ headers: { 'x-user-id': ({ id }) => id } }, [other]);
  const { json } = await post('everywhere/s/listing', {}, token);
  expect(json).toEqual({ user: 'ann', role: 'guest' });
});

test.each<[string, () => any]>([
  ['an illegal value', () => 'a\r\nx-role: admin'],
  ['a value in letters beyond latin1', () => 'анна'],
  ['an object', () => ({ id: 1 })],
])('%s fails the call, and nothing is sent (H1)', async (_what, make) => {
  const { url, requests } = await startEcho();
  const s = {
    endpoints: url,
    actions: { copying },
    interceptors: [bearerAuth({ ...options, headers: { 'x-user-id': make } })],
  };
  const { post } = await startGateway({ root: { s } });
  const { status, json } = await post('s/copying', {}, token);
  expect({ status, code: json.code }).toEqual({ status: 500, code: 'INVALID_HEADER' });
  expect(requests).toHaveLength(0);
});

test('a header function that throws fails the call (K1)', async () => {
  const failing = () => Promise.reject(new Error('secret'));
  const { post } = await start({ headers: { 'x-user-id': failing } });
  const { status, text } = await post('everywhere/s/copying', {}, token);
  expect(status).toBe(500);
  expect(text).not.toContain('secret');
});

test('concurrent users never get each other’s headers (T5)', async () => {
  const { post } = await start();
  const names = Array.from({ length: 100 }, (_item, i) => `user-${i}`);
  const answers = await Promise.all(
    names.map((name) => post('everywhere/s/copying', {}, { authorization: `Bearer ${name}` })),
  );
  expect(answers.map(({ json }) => json.user)).toEqual(names);
});

test('the same for gRPC', async () => {
  const Get = ({ metadata }: any, callback: any) =>
    callback(null, {
      itemId: String(metadata.get('x-user-id')),
      note: String(metadata.get('x-role')),
    });
  const config = {
    interceptors: [bearerAuth(options)],
    proxyHeaders: (headers: object) => headers as never,
  };
  const { post } = await startShop({ Get }, { config });
  const { json } = await post('items/get', {}, { ...token, ...forged });
  expect(json).toMatchObject({ itemId: 'ann', note: '' });
});
