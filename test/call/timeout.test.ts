import { failureOf, startRestAction } from '../servers/start-rest-action';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startRawUpstream, startUpstream } from '../servers/start-upstream';

afterEach(() => jest.restoreAllMocks());

const layers = [
  ['the call', { call: 1001, action: 1002, endpoint: 1003, axiosConfig: 1004, config: 1005 }, 1001],
  ['the action', { action: 1002, endpoint: 1003, axiosConfig: 1004, config: 1005 }, 1002],
  ["the endpoint's axiosConfig", { endpoint: 1003, axiosConfig: 1004, config: 1005 }, 1003],
  ["the config's axiosConfig", { axiosConfig: 1004, config: 1005 }, 1004],
  ['the config', { config: 1005 }, 1005],
  ['the default', {}, 25_000],
] as [string, Record<string, number | undefined>, number][];

function timeout(ms: number | undefined) {
  return ms === undefined ? {} : { timeout: ms };
}

test.each(layers)(
  'the timeout is that of %s before all later ones',
  async (_name, ms, expected) => {
    const upstream = await startUpstream();
    const endpoints = { path: upstream.url, axiosConfig: timeout(ms['endpoint']) };
    const run = { method: 'GET', path: '/', ...timeout(ms['action']) } as const;
    const { api } = await startGateway(
      {
        root: {
          s: { endpoints, actions: { run, viaMixed: (inner: any) => inner.s.run() } },
        },
      },
      { axiosConfig: timeout(ms['axiosConfig']), ...timeout(ms['config']) },
    );
    await api.s.run(timeout(ms['call']));
    expect(upstream.last.headers['x-request-timeout']).toBe(String(expected));
    await api.s.viaMixed();
    const { call: _call, ...inner } = ms;
    const first = Object.values(inner)[0] ?? 25_000;
    expect(upstream.last.headers['x-request-timeout']).toBe(String(first));
  },
);

test.each([0, Infinity])('a timeout of %d means none', async (none) => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url, { timeout: none });
  await call();
  expect(upstream.last.headers['x-request-timeout']).toBeUndefined();
});

test.each([
  ['the action', { totalTimeout: 700 }, {}],
  ['the config', {}, { totalTimeout: 700 }],
])('a smaller totalTimeout of %s is what the upstream is told', async (_name, action, config) => {
  const upstream = await startUpstream();
  const { call } = await startRestAction(upstream.url, { timeout: 5000, ...action }, config);
  await call();
  expect(upstream.last.headers['x-request-timeout']).toBe('700');
});

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n';

test.each([
  ['connects and is silent', ''],
  ['sends half a head', HEAD.slice(0, 30)],
  ['sends half a body', `${HEAD}{"half":`],
])('U1, U2: an upstream that %s is a 504', async (_name, sent) => {
  const upstream = await startRawUpstream(
    (socket) => void socket.once('data', () => socket.write(sent)),
  );
  const { call, post } = await startRestAction(upstream.url, { timeout: 100 });
  const { error } = await failureOf(call());
  expect(error).toMatchObject({ status: 504, code: 'ECONNABORTED', message: expect.any(String) });
  expect(await post()).toMatchObject({ status: 504, json: { code: 'ECONNABORTED' } });
});

test('U2: the timeout covers all attempts and pauses, not each', async () => {
  // Pauses of 50 to 1600 ms; one of 3200 ms would not end in time.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  const upstream = await startUpstream((_request, response) => sendJson(response, {}, 503));
  const { call } = await startRestAction(upstream.url, { retries: 100, timeout: 6000 });
  const { error } = await failureOf(call());
  expect(error.status).toBe(503);
  expect(upstream.requests.length).toBeGreaterThan(1);
  const left = upstream.requests.map(({ headers }) => Number(headers['x-request-timeout']));
  expect(left).toEqual([...left].sort((a, b) => b - a));
  expect(left.at(-1)).toBeLessThan(6000);
});

test('U2: of a stream it covers the headers, and then only silence', async () => {
  const upstream = await startUpstream((_request, response) => {
    let pieces = 0;
    const timer = setInterval(() => {
      response.write('x');
      if (++pieces === 8) response.end(() => clearInterval(timer));
    }, 200);
  });
  const { post } = await startRestAction(upstream.url, { timeout: 1200, responseType: 'stream' });
  expect(await post()).toMatchObject({ status: 200, text: 'x'.repeat(8) });
});

test('a mixed action has a timeout only where one is given, and then ends with 504', async () => {
  const never = () => new Promise(() => undefined);
  const { api } = await startGateway({ root: { s: { actions: { never } } } });
  const { error } = await failureOf(api.s.never({ timeout: 20 } as never));
  expect(error).toMatchObject({ status: 504, code: 'ECONNABORTED' });
});
