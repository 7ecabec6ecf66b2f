import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import express from 'express';
import { gatewayPlugin } from '../../../lib';
import type { GatewayPluginOptions } from '../../../lib';
import { listen } from '../../servers/start-upstream';
import { createMiddlewares, startPreview, startVite } from '../../servers/start-vite';
import { watchProcess } from '../../servers/watch-process';

watchProcess();

type Options = Partial<GatewayPluginOptions<any, any, any, any>>;

const actions = {
  echo: (_api: unknown, args: object) => args,
  who: (_api: unknown, _args: object, { userId, requestId }: any) => ({ userId, requestId }),
};
const schemas = { root: { s: { actions } }, admin: { s: { actions } } };

const pluginOf = (options: Options = {}) => gatewayPlugin({ schemas, ...options });
const json = { 'content-type': 'application/json' };

function post(url: string, body: string, headers: Record<string, string> = json) {
  return fetch(url, { method: 'POST', body, headers });
}

const starts: [string, (options?: Options) => Promise<{ url: string }>][] = [
  ['the dev server', (options) => startVite(pluginOf(options))],
  ['vite preview', (options) => startPreview(pluginOf(options))],
];

describe.each(starts)('%s', (_name, start) => {
  test.each([
    ['/gateway/s/echo', undefined],
    ['/gateway/root/s/echo', undefined],
    ['/gateway/admin/s/ech%6f?x=1', undefined],
    ['/api/v1/s/echo', '/api/v1'],
    ['/api/v1/s/echo/', '/api/v1/'],
  ])('%s is an action below the prefix %s', async (path, prefix) => {
    const { url } = await start(prefix === undefined ? {} : { prefix });
    const answer = await post(url + path, '{"a":1}');
    expect(await answer.json()).toEqual({ a: 1 });
  });

  test('GET takes its args from the query', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/gateway/s/echo?a=1&b=x%20y`);
    expect(await answer.json()).toEqual({ a: '1', b: 'x y' });
  });

  test.each(['/gateway/s', '/gateway/a/b/c/d', '/gateway//echo', '/gateway/s/%25ff%', '/gateway/'])(
    '%s is a 404 of the gateway',
    async (path) => {
      const { url } = await start();
      const answer = await fetch(url + path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'UNKNOWN_SERVICE' });
    },
  );

  test.each(['/', '/gateway', '/gateways/s/echo', '/some/route?of=/gateway/s/echo'])(
    '%s is a page of Vite',
    async (path) => {
      const { url } = await start();
      const answer = await fetch(url + path, { headers: { accept: 'text/html' } });
      expect(await answer.text()).toContain('<title>page of Vite</title>');
    },
  );

  test.each(['PUT', 'DELETE', 'OPTIONS'])('%s goes on to Vite', async (method) => {
    const { url } = await start();
    const answer = await fetch(`${url}/gateway/s/echo`, { method });
    expect(answer.status).toBe(method === 'OPTIONS' ? 204 : 404);
    expect(await answer.text()).toBe('');
  });
});

test.each([
  ['no JSON', '{', json, 400, 'INVALID_BODY'],
  ['a JSON array', '[]', json, 400, 'INVALID_BODY'],
  ['of another type', 'a=1', { 'content-type': 'text/plain' }, 400, 'BODY_NOT_PARSED'],
  ['too long', JSON.stringify('x'.repeat(64)), json, 413, 'BODY_TOO_LARGE'],
])('a body that is %s is a coded refusal', async (_what, body, headers, status, code) => {
  const { url } = await startVite(pluginOf({ bodyBytes: 64 }));
  const answer = await post(`${url}/gateway/s/echo`, body, headers);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ status, code });
});

test('a body that is refused half-read is answered, though more of it comes', async () => {
  const { port } = await startVite(pluginOf({ bodyBytes: 64 }));
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const path = '/gateway/s/echo';
    const request = httpRequest({ port, path, method: 'POST', headers: json }, resolve);
    request.on('error', reject).write('"'.padEnd(65));
  });
  expect(JSON.parse(await text(message))).toMatchObject({ code: 'BODY_TOO_LARGE' });
  message.destroy();
});

test('middlewares get the req and res of node, and what they set is seen by hooks', async () => {
  const { url } = await startVite(
    pluginOf({
      config: {
        handlerMiddlewares: [
          (req, res, next) => {
            req.id = 'req-1';
            res.locals.userId = 'ann';
            res.setHeader('x-from', req.socket.remoteFamily);
            next();
          },
        ],
        onBeforeAction: (req, res) => void res.set('x-seen', [req.id, res.locals.userId]),
      },
    }),
  );
  const answer = await post(`${url}/gateway/s/who`, '{}');
  expect(await answer.json()).toEqual({ userId: 'ann', requestId: 'req-1' });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'x-from': 'IPv4',
    'x-seen': 'req-1, ann',
  });
});

test('when a middleware has answered the gateway does not', async () => {
  const { url } = await startVite(
    pluginOf({ config: { handlerMiddlewares: [(_req, res) => res.writeHead(418).end('teapot')] } }),
  );
  const answer = await post(`${url}/gateway/s/echo`, '{}');
  expect([answer.status, await answer.text()]).toEqual([418, 'teapot']);
});

test('a body that is not JSON is left to middlewares', async () => {
  const form = express.urlencoded({ extended: false });
  const { url } = await startVite(pluginOf({ config: { handlerMiddlewares: [form as never] } }));
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await post(`${url}/gateway/s/echo`, 'a=1', headers);
  expect(await answer.json()).toEqual({ a: '1' });
});

test('error middlewares get failures, and may answer them', async () => {
  const { url } = await startVite(
    pluginOf({
      config: {
        onBeforeAction: () => Promise.reject(new Error('inner')),
        errorMiddlewares: [
          (error, _req, res, _next) => res.status(409).json({ told: error.error.code }),
        ],
      },
    }),
  );
  const answer = await post(`${url}/gateway/s/echo`, '{}');
  expect(answer.status).toBe(409);
  expect(await answer.json()).toEqual({ told: 'GATEWAY_REQUEST_ERROR' });
});

test.each<[string, (res: any) => unknown, string | null, string]>([
  ['text', (res) => res.send('<b>ü'), 'text/html; charset=utf-8', '<b>ü'],
  ['typed text', (res) => res.set('content-type', 'text/csv').send('a'), 'text/csv', 'a'],
  ['bytes', (res) => res.send(Buffer.from('b')), 'application/octet-stream', 'b'],
  [
    'an object',
    (res) => res.set({ 'x-a': 1 }).send({ a: 1 }),
    'application/json; charset=utf-8',
    '{"a":1}',
  ],
  ['nothing', (res) => res.status(204).send(), null, ''],
])('a hook sends %s as Express would', async (_what, send, type, body) => {
  const { url } = await startVite(
    pluginOf({ config: { onRequestSuccess: (_req, res) => void send(res) } }),
  );
  const answer = await post(`${url}/gateway/s/echo`, '{}');
  expect(answer.headers.get('content-type')).toBe(type);
  expect(await answer.text()).toBe(body);
});

test.each<[string, (res: any) => unknown]>([
  ['a status that is none', (res) => res.status(99)],
  ['a header that is none', (res) => res.set('a b', 'c')],
])('a hook that gives %s fails as any hook', async (_what, misuse) => {
  const { url } = await startVite(
    pluginOf({ config: { onBeforeAction: (_req, res) => void misuse(res) } }),
  );
  const answer = await post(`${url}/gateway/s/echo`, '{}');
  expect(answer.status).toBe(500);
});

test('a second answer of a hook is a failure after the first, which ends the connection', async () => {
  const onRequestSuccess = (_req: unknown, res: any) => void res.json(1).json(2);
  const { url } = await startVite(pluginOf({ config: { onRequestSuccess } }));
  const answered = post(`${url}/gateway/s/echo`, '{}').then((answer) => answer.text());
  await expect(answered.catch(() => 'cut')).resolves.toMatch(/^(1|cut)$/);
});

test('below an Express app its request, response and parsed body are used', async () => {
  const vite = await createMiddlewares(
    pluginOf({
      config: { onRequestSuccess: (req, res, data) => void res.json({ ip: req.ip, data }) },
    }),
  );
  const app = express();
  app.use(express.json(), vite.middlewares);
  const { port } = await listen(createServer(app));
  const answer = await post(`http://127.0.0.1:${port}/gateway/s/echo`, '{"a":1}');
  expect(await answer.json()).toEqual({ ip: '127.0.0.1', data: { a: 1 } });
});
