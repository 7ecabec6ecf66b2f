import { request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { startUpstream } from '../../servers/start-upstream';
import { failureOf, startRestAction } from '../../servers/start-rest-action';

const untilTrue = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** An upstream that writes `first` and hands out its response. */
async function startStreaming(first: string | Buffer, headers = {}) {
  let give: (response: ServerResponse) => void = () => {};
  const streaming = new Promise<ServerResponse>((resolve) => (give = resolve));
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    response.write(first);
    give(response);
  });
  return { url: upstream.url, streaming };
}

/** The answer of the controller while it is under way. */
async function open(url: string): Promise<IncomingMessage> {
  const request = httpRequest(`${url}/gateway/s/run`, { method: 'POST', agent: false });
  request.end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  return answer;
}

const stream = { responseType: 'stream' } as const;

test('pieces reach the browser before the upstream has ended', async () => {
  const { url, streaming } = await startStreaming('one');
  const gateway = await startRestAction(url, stream);
  const answer = await open(gateway.url);
  expect(answer.headers['content-type']).toBe('text/event-stream');
  expect(String((await once(answer, 'data'))[0])).toBe('one');
  const next = once(answer, 'data');
  (await streaming).write('two');
  expect(String((await next)[0])).toBe('two');
  (await streaming).end();
  await once(answer, 'end');
});

test('C5 an error of the upstream after the start cuts the answer', async () => {
  const { url, streaming } = await startStreaming('one');
  const gateway = await startRestAction(url, stream);
  const answer = await open(gateway.url);
  await once(answer, 'data');
  (await streaming).destroy();
  await untilTrue(() => answer.closed);
  expect(answer.complete).toBe(false);
});

test('C5 a client that leaves cancels the upstream', async () => {
  const { url, streaming } = await startStreaming('one');
  const gateway = await startRestAction(url, stream);
  const answer = await open(gateway.url);
  await once(answer, 'data');
  const closed = once(await streaming, 'close');
  answer.destroy();
  await closed;
});

test.each([
  ['the stream is destroyed', (data: Readable, _controller: AbortController) => data.destroy()],
  ['the signal fires', (_data: Readable, controller: AbortController) => controller.abort()],
])('C5 through api the upstream is cancelled when %s', async (_kind, end) => {
  const { url, streaming } = await startStreaming('one');
  const { call } = await startRestAction(url, stream);
  const controller = new AbortController();
  const { responseData: data } = await call({ abortSignal: controller.signal });
  data.on('error', () => undefined);
  await once(data, 'data');
  const closed = once(await streaming, 'close');
  end(data, controller);
  await closed;
  await untilTrue(() => data.destroyed);
});

test('C5 a paused reader holds the upstream back', async () => {
  let sent = 0;
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200);
    const feed = () => {
      do sent += 65_536;
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', feed);
    feed();
  });
  const gateway = await startRestAction(upstream.url, stream);
  const answer = await open(gateway.url);
  answer.pause();
  let before = -1;
  // Kernel buffers fill up first; then nothing moves.
  while (before !== sent && sent < 500 * 1024 * 1024) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect(sent).toBeLessThan(40 * 1024 * 1024);
  const held = sent;
  answer.resume();
  await untilTrue(() => sent > held + 1024 * 1024);
  answer.destroy();
});

test('U2 a stream may last longer than the timeout, while it moves', async () => {
  const { url, streaming } = await startStreaming('.');
  const { call } = await startRestAction(url, { ...stream, timeout: 1500 });
  const { responseData: data } = (await call()) as { responseData: Readable };
  const all = data.toArray();
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => setTimeout(resolve, 180));
    (await streaming).write('.');
  }
  (await streaming).end();
  expect(Buffer.concat(await all).toString()).toBe('.'.repeat(11));
});

test('U2 a stream that falls silent is given up after the timeout', async () => {
  const { url, streaming } = await startStreaming('one');
  const gateway = await startRestAction(url, { ...stream, timeout: 300 });
  const answer = await open(gateway.url);
  const closed = once(await streaming, 'close');
  answer.resume();
  await untilTrue(() => answer.closed);
  expect(answer.complete).toBe(false);
  await closed;
});

test('a stream whose reader is slow is not silent', async () => {
  const { url, streaming } = await startStreaming('x'.repeat(100_000));
  const { call } = await startRestAction(url, { ...stream, timeout: 200 });
  const { responseData: data } = (await call()) as { responseData: Readable };
  (await streaming).end('end');
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(Buffer.concat(await data.toArray()).toString()).toMatch(/^x+end$/);
});

test('U2 headers that do not come are a 504', async () => {
  const upstream = await startUpstream(() => undefined);
  const { call } = await startRestAction(upstream.url, { ...stream, timeout: 100 });
  expect((await failureOf(call())).error).toMatchObject({ status: 504, code: 'ECONNABORTED' });
});

test('an encoded stream is decoded while it comes', async () => {
  const { url, streaming } = await startStreaming(gzipSync('one'), { 'content-encoding': 'gzip' });
  const { call } = await startRestAction(url, stream);
  const { responseData: data } = (await call()) as { responseData: Readable };
  expect(String((await once(data, 'data'))[0])).toBe('one');
  (await streaming).end();
  await once(data, 'end');
});

test('slots of streams come back, however they end', async () => {
  const { url } = await startStreaming('one');
  const { call } = await startRestAction(
    url,
    { ...stream, timeout: 5000 },
    { limits: { upstreamSockets: 1 } },
  );
  for (let i = 0; i < 5; i++) {
    const { responseData: data } = (await call()) as { responseData: Readable };
    data.destroy();
    await untilTrue(() => data.closed);
  }
});

test('a stream sent as the body goes upstream piece by piece, and is never repeated', async () => {
  const upstream = await startUpstream((_request, response) => response.writeHead(503).end());
  const { call } = await startRestAction(upstream.url, {
    method: 'PUT',
    retries: 3,
    params: () => ({ body: Readable.from(['one', 'two']) }),
  });
  expect((await failureOf(call())).error.status).toBe(503);
  expect(upstream.requests.map(({ body }) => body.toString())).toEqual(['onetwo']);
});
