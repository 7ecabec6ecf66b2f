import { Agent } from 'node:http';
import { Agent as HttpsAgent, createServer as createHttpsServer } from 'node:https';
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import { selfSigned } from '../../servers/self-signed';
import { startGateway } from '../../servers/start-gateway';
import { failureOf, startRestAction } from '../../servers/start-rest-action';
import { listen, sendJson, startUpstream } from '../../servers/start-upstream';

const NOWHERE = 'http://nowhere.invalid';

/** Proxy variables as the environment may have them; put back after the test. */
function setProxyVariables(url: string) {
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NO_PROXY', 'no_proxy']) {
    const isOff = name.toLowerCase() === 'no_proxy';
    const before = process.env[name];
    if (isOff) delete process.env[name];
    else process.env[name] = url;
    putBack.push(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

const putBack: (() => void)[] = [];
afterEach(() => putBack.splice(0).forEach((undo) => undo()));

describe('a mock of axios', () => {
  let mock: MockAdapter;
  beforeEach(() => (mock = new MockAdapter(axios)));
  afterEach(() => mock.restore());

  test.each([
    ['data', (reply: any) => reply.reply(200, { id: 1 }), { status: 200, json: { id: 1 } }],
    [
      'an error',
      (reply: any) => reply.reply(404, { code: 'GONE', message: 'gone' }),
      { status: 404, json: { code: 'GONE', message: 'gone' } },
    ],
    ['a timeout', (reply: any) => reply.timeout(), { status: 504, json: { code: 'ECONNABORTED' } }],
    ['a network error', (reply: any) => reply.networkError(), { status: 502 }],
  ])('of the default instance answers with %s', async (_name, answer, expected) => {
    answer(mock.onGet(`${NOWHERE}/run`));
    const { post } = await startRestAction(NOWHERE);
    expect(await post()).toMatchObject(expected);
  });

  test('sees method, query, body and headers of the call, and is retried', async () => {
    mock.onPut().replyOnce(503).onPut().reply(200, { ok: true });
    const { call } = await startRestAction(NOWHERE, {
      method: 'PUT',
      retries: 1,
      params: () => ({ query: { page: 2 }, body: { name: 'a' }, headers: { 'x-own': 'own' } }),
    });
    expect(await call()).toMatchObject({ responseData: { ok: true } });
    const sent = mock.history['put'] ?? [];
    expect(sent.map(({ headers }) => headers?.['x-request-attempt'])).toEqual([undefined, '1']);
    expect(sent[0]).toMatchObject({ params: { page: 2 }, data: '{"name":"a"}' });
    expect(sent[0]?.headers?.['x-own']).toBe('own');
  });
});

test.each([
  ['the config', false],
  ['the endpoint', true],
])('an adapter in the axiosConfig of %s takes the place of the network', async (_name, isOwn) => {
  const adapter = (config: any) =>
    Promise.resolve({
      data: { url: config.url },
      status: 200,
      statusText: '',
      headers: {},
      config,
    });
  const axiosConfig = { adapter };
  const get = { method: 'GET', path: '/p' } as const;
  const endpoints = { path: NOWHERE, ...(isOwn && { axiosConfig }) };
  const { post } = await startGateway(
    { root: { s: { endpoints, actions: { get } } } },
    isOwn ? {} : { axiosConfig },
  );
  expect(await post('s/get')).toMatchObject({ status: 200, json: { url: `${NOWHERE}/p` } });
});

test("the user's httpAgent is used, and left open by close", async () => {
  const upstream = await startUpstream();
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { call, close } = await startRestAction(
    upstream.url,
    { method: 'POST' },
    { axiosConfig: { httpAgent } },
  );
  await Promise.all(Array.from({ length: 5 }, () => call()));
  expect(upstream.connectionCount).toBe(1);
  await close();
  expect(Object.keys(httpAgent.freeSockets)).toHaveLength(1);
  httpAgent.destroy();
});

describe('an https upstream with a certificate that nobody trusts', () => {
  async function startHttps() {
    const { port } = await listen(
      createHttpsServer(selfSigned, (_request, response) => sendJson(response, { ok: true })),
    );
    return `https://127.0.0.1:${port}`;
  }

  test('U1: is refused with 502 and a code, and not asked again', async () => {
    let attempts = 0;
    const callback = (sent: any) => (attempts++, sent);
    const { call } = await startRestAction(
      await startHttps(),
      { method: 'POST', retries: 3 },
      { axiosInterceptors: { request: [{ callback }] } },
    );
    const { error } = await failureOf(call());
    expect(error).toMatchObject({ status: 502, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(attempts).toBe(1);
  });

  test.each([
    ['trusted by', { ca: selfSigned.cert }],
    ['not checked by', { rejectUnauthorized: false }],
  ])('is reached when it is %s axiosConfig.httpsAgent', async (_name, options) => {
    const httpsAgent = new HttpsAgent(options);
    const { call } = await startRestAction(await startHttps(), {}, { axiosConfig: { httpsAgent } });
    expect(await call()).toMatchObject({ responseData: { ok: true } });
  });
});

describe('P6: a proxy', () => {
  /** A proxy that answers itself; its url, and what it was asked for. */
  async function startProxy() {
    const proxy = await startUpstream((_request, response) => sendJson(response, { via: 'proxy' }));
    return Object.assign(proxy, { asked: () => proxy.requests.map(({ url }) => url) });
  }

  test('of the environment is not used by default', async () => {
    const [proxy, upstream] = [await startProxy(), await startUpstream()];
    setProxyVariables(proxy.url);
    const { call } = await startRestAction(upstream.url);
    expect(await call()).toMatchObject({ responseData: { ok: true } });
    expect(proxy.asked()).toEqual([]);
  });

  test('of the environment is used with proxyFromEnv', async () => {
    const proxy = await startProxy();
    setProxyVariables(proxy.url);
    const { call } = await startRestAction('http://up.invalid', {}, { proxyFromEnv: true });
    expect(await call()).toMatchObject({ responseData: { via: 'proxy' } });
    expect(proxy.asked()).toEqual(['http://up.invalid/run']);
  });

  test.each([
    ['the config', false],
    ['the endpoint', true],
  ])('in the axiosConfig of %s is used', async (_name, isOwn) => {
    const proxy = await startProxy();
    const axiosConfig = { proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port } };
    const run = { method: 'GET', path: '/run' } as const;
    const endpoints = { path: 'http://up.invalid', ...(isOwn && { axiosConfig }) };
    const { post } = await startGateway(
      { root: { s: { endpoints, actions: { run } } } },
      isOwn ? {} : { axiosConfig },
    );
    expect(await post('s/run')).toMatchObject({ json: { via: 'proxy' } });
    expect(proxy.asked()).toEqual(['http://up.invalid/run']);
  });

  test('that is down is a 502, and a POST through it is repeated: nothing was sent', async () => {
    const proxy = await startUpstream();
    await proxy.close();
    let attempts = 0;
    const callback = (sent: any) => (attempts++, sent);
    const { call } = await startRestAction(
      'http://up.invalid',
      { method: 'POST', retries: 1 },
      {
        axiosConfig: { proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port } },
        axiosInterceptors: { request: [{ callback }] },
      },
    );
    expect((await failureOf(call())).error).toMatchObject({ status: 502, code: 'ECONNREFUSED' });
    expect(attempts).toBe(2);
  });
});

test('an interceptor that throws is a failing hook: coded, and nothing is sent', async () => {
  const upstream = await startUpstream();
  const callback = () => {
    throw Object.assign(new Error('no token'), { status: 401, code: 'NO_TOKEN' });
  };
  const { post } = await startRestAction(
    upstream.url,
    {},
    { axiosInterceptors: { request: [{ callback }] } },
  );
  expect(await post()).toMatchObject({ status: 401, json: { code: 'NO_TOKEN' } });
  expect(upstream.connectionCount).toBe(0);
});

test('interceptors of responses may change the data, and rescue an error', async () => {
  const upstream = await startUpstream(({ url }, response) =>
    sendJson(response, { url }, url === '/run' ? 200 : 500),
  );
  const response = [
    {
      callback: (answer: any) => Object.assign(answer, { data: { ...answer.data, seen: true } }),
      errorCallback: (error: any) => ({ ...error.response, status: 200, data: { rescued: true } }),
    },
  ];
  const config = { axiosInterceptors: { response } };
  const good = await startRestAction(upstream.url, {}, config);
  const bad = await startRestAction(upstream.url, { path: '/bad' }, config);
  expect((await good.post()).json).toEqual({ url: '/run', seen: true });
  expect(await bad.post()).toMatchObject({ status: 200, json: { rescued: true } });
});
