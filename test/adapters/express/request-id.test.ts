import { startGateway } from '../../servers/start-gateway';
import { sendJson, startUpstream } from '../../servers/start-upstream';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function start(use: (req: any) => void = () => undefined) {
  const upstream = await startUpstream((_request, response) => sendJson(response, {}, 404));
  const stats: any[] = [];
  const actions = {
    get: { method: 'GET', path: '/' },
    mixed: (api: any) => api.users.get(),
  };
  const gateway = await startGateway(
    { root: { users: { endpoints: upstream.url, actions } } } as never,
    { sendStats: (one: object) => void stats.push(one), withDebugHeaders: true },
    {
      use: (app, json) => {
        app.use(json());
        app.use((req: any, _res: unknown, next: () => void) => (use(req), next()));
      },
    },
  );
  async function idOf(headers: Record<string, string> = {}): Promise<string> {
    const answer = await gateway.post('users/mixed', {}, headers);
    const { requestId } = answer.json;
    expect(upstream.last.headers['x-request-id']).toBe(requestId);
    expect(answer.headers['x-request-id']).toBe(requestId);
    expect(stats.map((one) => one.requestId)).toEqual([requestId, requestId]);
    return requestId;
  }
  return idOf;
}

test('req.id is the request id, over x-request-id', async () => {
  const idOf = await start((req) => (req.id = 'from-app'));
  expect(await idOf({ 'x-request-id': 'from-client' })).toBe('from-app');
});

test('req.id may be a number', async () => {
  const idOf = await start((req) => (req.id = 17));
  expect(await idOf()).toBe('17');
});

test('without req.id it is x-request-id', async () => {
  const idOf = await start();
  expect(await idOf({ 'x-request-id': 'from-client' })).toBe('from-client');
});

test.each([
  ['has spaces', 'a b'],
  ['is too long', 'x'.repeat(201)],
  ['is empty', ''],
  ['is not ASCII', 'é'],
])('an x-request-id that %s is replaced by a fresh one', async (_name, id) => {
  const idOf = await start();
  expect(await idOf({ 'x-request-id': id })).toMatch(UUID);
});

test.each([
  ['an object', { named: 'no' }],
  ['a line break', 'a\r\nset-cookie: b'],
  ['null', null],
])('a req.id that is %s is passed over', async (_name, id) => {
  const idOf = await start((req) => (req.id = id));
  expect(await idOf({ 'x-request-id': 'from-client' })).toBe('from-client');
});

test('two requests without an id get different ones', async () => {
  const [first, second] = [await (await start())(), await (await start())()];
  expect(first).toMatch(UUID);
  expect(second).toMatch(UUID);
  expect(first).not.toBe(second);
});
