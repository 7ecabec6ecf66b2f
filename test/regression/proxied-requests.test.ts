import { eventually } from '../servers/eventually';
import { answerOf, startProxy, startRawServer } from '../servers/start-proxy';
import { startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

test.each([
  '/%e0%80%ae%e0%80%ae/other',
  '/..%e0%80%afother',
  '/..%E0%81%9Cother',
  '/..%00/other',
  '/..%00',
  '/.%00./other',
  '/..%2500/other',
  '/.%09./other',
  '/.%0d%0a./other',
  '/a?b#c',
])('%s is refused by a proxy, and nothing is sent', async (path) => {
  const upstream = await startUpstream();
  const { send } = await startProxy(`${upstream.url}/base`);
  const { status, json } = await send('GET', `/files${path}`);
  expect([status, json.code]).toEqual([400, 'INVALID_PROXY_PATH']);
  expect(upstream.requests).toEqual([]);
});

test.each(['/a%00b', '/a%09b', '/caf%e0%b8%81', '/a.%0d%0a'])(
  '%s hides no dot segment, and passes',
  async (path) => {
    const upstream = await startUpstream();
    const { send } = await startProxy(upstream.url);
    await send('GET', `/files${path}`);
    expect(upstream.last.url).toBe(path);
  },
);

test('a quiet event stream begins with its head, before its first event', async () => {
  const upstream = await startRawServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  });
  const { open } = await startProxy(upstream.url, { definition: { timeout: 0 } });
  const request = open('GET', '/files/events');
  request.end();
  const { statusCode, headers } = await answerOf(request);
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/event-stream']);
  request.destroy();
  await eventually(() => upstream.sockets.size === 0);
});

test('an interceptor that passes a call with a body on again is told at once', async () => {
  const upstream = await startUpstream();
  const again = (next: any) => async (call: any) => {
    await next(call);
    return next(call);
  };
  const options = { definition: { timeout: 0, interceptors: [again] } };
  const { send } = await startProxy(upstream.url, options);
  const { status, json } = await send('POST', '/files/a', {}, 'body');
  expect([status, json.code]).toEqual([500, 'BODY_ALREADY_READ']);
  expect(upstream.requests).toHaveLength(1);
  expect((await send('GET', '/files/a')).status).toBe(200);
});

test.each(['1e999', '99999999999999999999999', '1.5'])(
  'Max-Forwards: %s is no number to count down from',
  async (given) => {
    const upstream = await startUpstream();
    const { send } = await startProxy(upstream.url);
    await send('GET', '/files/a', { 'max-forwards': given });
    expect(upstream.last.headers['max-forwards']).toBe(given);
  },
);
