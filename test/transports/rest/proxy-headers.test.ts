import { createServer, get } from 'node:https';
import { connect } from 'node:net';
import type { GatewayConfig } from '../../../lib';
import { startProxy } from '../../servers/start-proxy';
import type { ProxyOptions } from '../../servers/start-proxy';
import { startRawAnswer } from '../../servers/start-raw-answer';
import { selfSigned } from '../../servers/self-signed';
import { listen, startUpstream } from '../../servers/start-upstream';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

type Sent = Record<string, string | string[]>;

async function sentBy(headers: Sent, options: ProxyOptions = {}, method = 'GET', body?: string) {
  const upstream = await startUpstream();
  const { send, port } = await startProxy(upstream.url, options);
  const answer = await send(method, '/files/a', headers, body);
  const last = upstream.requests.at(-1);
  return { answer, port, upstream, headers: last?.headers ?? {}, body: last?.body };
}

test('end-to-end headers of the client go upstream as they are', async () => {
  const given = {
    accept: 'text/*;q=0.3',
    'accept-encoding': 'br;q=1.0, gzip',
    'accept-language': 'fr-CH',
    authorization: 'Bearer of-the-client',
    cookie: 'a=1; b=2',
    'content-encoding': 'gzip',
    'content-type': 'application/x-thing',
    'grpc-timeout': '1S',
    'if-none-match': '"x"',
    'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT',
    range: 'bytes=0-1',
    'user-agent': 'the client',
    'x-latin': 'caf\xe9',
    x_own: 'kept',
  };
  const { headers } = await sentBy(given, {}, 'POST', 'body');
  expect(headers).toMatchObject(given);
  expect(headers['content-length']).toBe('4');
});

test('a client that asks for no coding and no type gets none asked for', async () => {
  const { headers } = await sentBy({});
  expect(headers).not.toHaveProperty('accept');
  expect(headers).not.toHaveProperty('accept-encoding');
  expect(headers).not.toHaveProperty('content-length');
  expect(headers).not.toHaveProperty('content-type');
});

test('hop-by-hop headers stay behind, and what Connection names (RFC 9110 section 7.6.1)', async () => {
  const { headers } = await sentBy({
    connection: 'close, X-Hop, te, authorization',
    'x-hop': '1',
    authorization: 'secret',
    'keep-alive': 'timeout=5',
    te: 'trailers',
    'proxy-authorization': 'Basic x',
    'proxy-connection': 'keep-alive',
    'proxy-features': 'x',
    'http2-settings': 'AAA',
    upgrade: 'h2c',
    'x-end': '2',
  });
  const names = Object.keys(headers).sort();
  expect(names).toEqual(
    ['connection', 'host', 'via', 'x-end', 'x-gateway-version', 'x-request-id']
      .concat(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'])
      .sort(),
  );
  expect(headers.connection).toBe('keep-alive');
});

test('Trailer and chunked framing of the client are made anew', async () => {
  const headers = { 'transfer-encoding': 'chunked', trailer: 'x-sum' };
  const { headers: sent, body } = await sentBy(headers, {}, 'POST', 'abc');
  expect(sent).not.toHaveProperty('trailer');
  expect(sent).not.toHaveProperty('content-length');
  expect(sent['transfer-encoding']).toBe('chunked');
  expect(body?.toString()).toBe('abc');
});

test('Host is the endpoint’s', async () => {
  const { headers, upstream } = await sentBy({ host: 'public.example' });
  expect(headers.host).toBe(`127.0.0.1:${upstream.port}`);
});

test.each([
  [
    undefined,
    { for: '203.0.113.9, 127.0.0.1', proto: 'https, http', host: 'a.example, b.example' },
  ],
  ['append', { for: '203.0.113.9, 127.0.0.1', proto: 'https, http', host: 'a.example, b.example' }],
  ['drop', { for: '127.0.0.1', proto: 'http', host: 'b.example' }],
] as const)('with forwardedHeaders %s X-Forwarded-* end with this hop', async (mode, expected) => {
  const config: GatewayConfig = mode === undefined ? {} : { forwardedHeaders: mode };
  const { headers } = await sentBy(
    {
      host: 'b.example',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'a.example',
      'x-forwarded-port': '443',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
    },
    { config },
  );
  expect(headers['x-forwarded-for']).toBe(expected.for);
  expect(headers['x-forwarded-proto']).toBe(expected.proto);
  expect(headers['x-forwarded-host']).toBe(expected.host);
  const others = ['x-forwarded-port', 'x-real-ip', 'forwarded'].filter((name) => name in headers);
  expect(others).toHaveLength(mode === 'drop' ? 0 : 3);
});

test('X-Forwarded-Proto tells of TLS', async () => {
  const upstream = await startUpstream();
  const { app } = await startProxy(upstream.url);
  const { port } = await listen(createServer(selfSigned, app));
  const options = {
    port,
    path: '/files/a',
    ca: selfSigned.cert,
    servername: 'localhost',
    agent: false,
  };
  await new Promise((resolve) => get(options, (answer) => answer.resume().on('end', resolve)));
  expect(upstream.last.headers['x-forwarded-proto']).toBe('https');
});

test('Connection cannot take the address of the client away', async () => {
  const connection = 'x-forwarded-for, x-forwarded-host, via, x-request-id, host';
  const { headers } = await sentBy({ connection, 'x-forwarded-for': '203.0.113.9' });
  expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', via: '1.1 sallyport' });
  expect(headers['x-request-id']).toMatch(/./);
});

test('Via names this hop after those before (RFC 9110 section 7.6.3)', async () => {
  expect((await sentBy({})).headers.via).toBe('1.1 sallyport');
  expect((await sentBy({ via: '1.0 fred' })).headers.via).toBe('1.0 fred, 1.1 sallyport');
});

test('Max-Forwards counts down, and OPTIONS with 0 goes no further', async () => {
  const passed = await sentBy({ 'max-forwards': '3' }, {}, 'OPTIONS');
  expect(passed.headers['max-forwards']).toBe('2');
  const { answer, upstream } = await sentBy({ 'max-forwards': '0' }, {}, 'OPTIONS');
  expect([answer.status, answer.json.code]).toEqual([501, 'METHOD_NOT_SUPPORTED']);
  expect(upstream.requests).toEqual([]);
});

test('the request id goes along', async () => {
  expect((await sentBy({ 'x-request-id': 'abc' })).headers['x-request-id']).toBe('abc');
});

test('auth headers and those of interceptors are over everything of the client', async () => {
  const withUser = (next: any) => (call: any) =>
    next({ ...call, upstreamHeaders: { 'X-User': 'ada', 'x-role': undefined } });
  const { headers } = await sentBy(
    {
      authorization: 'Bearer forged',
      'x-user': 'eve',
      x_user: 'eve',
      'x-role': 'admin',
      'x-tenant': 'forged',
      x_tenant: 'forged',
      cookie: 'a=1',
    },
    {
      config: { interceptors: [withUser] },
      service: { getAuthHeaders: () => ({ Authorization: 'Bearer real', 'x-tenant': undefined }) },
    },
  );
  expect(headers).toMatchObject({ authorization: 'Bearer real', 'x-user': 'ada', cookie: 'a=1' });
  for (const name of ['x_user', 'x-role', 'x-tenant', 'x_tenant']) {
    expect(headers).not.toHaveProperty(name);
  }
});

test.each(['x_forwarded_for', 'x-forwarded_for', 'x_request_id', 'X_Forwarded-Host'])(
  '%s is no way around the gateway’s own header',
  async (name) => {
    expect((await sentBy({ [name]: 'forged' })).headers).not.toHaveProperty(name.toLowerCase());
  },
);

test('proxyHeaders and headers of the endpoint win over the client’s', async () => {
  const upstream = await startUpstream();
  const axiosConfig = { headers: { 'x-key': 'k' } };
  const proxyHeaders = () => ({ 'x-a': 'hook' });
  const definition = { proxyHeaders };
  const { send } = await startProxy({ path: upstream.url, axiosConfig }, { definition });
  await send('GET', '/files/a', { 'x-key': 'forged', 'x-a': 'client', 'x-b': 'client' });
  expect(upstream.last.headers).toMatchObject({ 'x-key': 'k', 'x-a': 'hook', 'x-b': 'client' });
});

test('dropHeaders stay behind, in any spelling', async () => {
  const definition = { dropHeaders: ['Cookie', 'x-debug-mode', 'referer'] };
  const { headers } = await sentBy(
    { cookie: 'a', referer: 'r', x_debug_mode: '1', 'x-c': '2' },
    { definition },
  );
  expect(headers).not.toHaveProperty('cookie');
  expect(headers).not.toHaveProperty('referer');
  expect(headers).not.toHaveProperty('x_debug_mode');
  expect(headers['x-c']).toBe('2');
});

test('userinfo of the endpoint is its Authorization', async () => {
  const upstream = await startUpstream();
  const { send } = await startProxy(upstream.url.replace('//', '//user:p%40ss@'));
  await send('GET', '/files/a', { authorization: 'Bearer client' });
  const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  expect(upstream.last.headers.authorization).toBe(basic);
});

test('an illegal auth header fails the call before anything is sent', async () => {
  const service = { getAuthHeaders: () => ({ authorization: 'a\r\nb: c' }) };
  const { answer, upstream } = await sentBy({}, { service });
  expect([answer.status, answer.json.code]).toEqual([500, 'INVALID_HEADER']);
  expect(upstream.requests).toEqual([]);
});

test('two lengths, or a length beside chunks, reach no upstream', async () => {
  const upstream = await startUpstream();
  const { port } = await startProxy(upstream.url);
  for (const lines of [
    'content-length: 4\r\ncontent-length: 5',
    'content-length: 4\r\ntransfer-encoding: chunked',
  ]) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /files/a HTTP/1.1\r\nhost: a\r\n${lines}\r\n\r\n0\r\n\r\n`);
    await new Promise((resolve) =>
      socket
        .on('error', () => undefined)
        .once('close', resolve)
        .resume(),
    );
  }
  expect(upstream.requests).toEqual([]);
});

test('headers of the answer come back, without those of its connection', async () => {
  const upstream = await startRawAnswer(
    [
      'HTTP/1.1 200 OK',
      'Connection: keep-alive, X-Hop',
      'X-Hop: 1',
      'Keep-Alive: timeout=7',
      'Proxy-Authenticate: Basic',
      'Upgrade: h2c',
      'Trailer: x-t',
      'Set-Cookie: a=1',
      'Set-Cookie: b=2; HttpOnly',
      'WWW-Authenticate: Basic realm="x"',
      'WWW-Authenticate: Bearer',
      'Cache-Control: no-store',
      'Date: Sat, 01 Jan 2000 00:00:00 GMT',
      'Content-Type: text/odd',
      'Content-Language: de',
      'X-Latin: caf\xe9',
      'Content-Length: 2',
      '',
      'ok',
    ].join('\r\n'),
    'stay',
  );
  const { send } = await startProxy(upstream.url);
  const { headers, rawHeaders, text } = await send('GET', '/files/a');
  expect(text).toBe('ok');
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    date: 'Sat, 01 Jan 2000 00:00:00 GMT',
    'content-type': 'text/odd',
    'content-language': 'de',
    'content-length': '2',
    'set-cookie': ['a=1', 'b=2; HttpOnly'],
    'x-latin': 'caf\xe9',
  });
  expect(rawHeaders.filter((part) => part.toLowerCase() === 'www-authenticate')).toHaveLength(2);
  for (const name of [
    'x-hop',
    'proxy-authenticate',
    'upgrade',
    'trailer',
    'x-content-type-options',
  ]) {
    expect(headers).not.toHaveProperty(name);
  }
  expect(headers['keep-alive']).not.toBe('timeout=7');
});

test('cookies and Vary join those of middlewares; headers of interceptors win', async () => {
  const upstream = await startUpstream((_request, response) => {
    response
      .setHeader('set-cookie', 'up=1')
      .setHeader('vary', 'accept')
      .setHeader('x-a', 'upstream');
    response.end('ok');
  });
  const interceptor = (next: any) => async (call: any) => {
    const result = await next(call);
    return { ...result, responseHeaders: { ...result.responseHeaders, 'x-a': 'gateway' } };
  };
  const before = (app: any) =>
    app.use((_req: any, res: any, next: any) => {
      res.setHeader('set-cookie', 'own=1').setHeader('vary', 'origin');
      next();
    });
  const definition = { interceptors: [interceptor] };
  const { send } = await startProxy(upstream.url, { definition, before });
  const { headers } = await send('GET', '/files/a');
  expect(headers).toMatchObject({
    'set-cookie': ['own=1', 'up=1'],
    vary: 'origin, accept',
    'x-a': 'gateway',
  });
});
