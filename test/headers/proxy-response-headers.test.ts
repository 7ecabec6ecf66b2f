import type { ProxyResponseHeaders } from '../../lib';
import { gzipSync } from 'node:zlib';
import { startRestAction } from '../servers/start-rest-action';
import { startUpstream } from '../servers/start-upstream';
import { ways } from './call-by';
import type { Way } from './call-by';

const answered = {
  'content-type': 'application/json',
  'content-encoding': 'gzip',
  connection: 'x-hop, close',
  'keep-alive': 'timeout=77',
  'proxy-authenticate': 'Basic',
  trailer: 'x-later',
  'x-hop': 'hop',
  'x-one': 'one',
  'X-Two': ['two', 'three'],
  'x-latin': 'caf\u00e9',
  'set-cookie': ['a=1; Path=/', 'b=2; HttpOnly'],
};
const everything = [...Object.keys(answered), 'transfer-encoding', 'content-length'];

async function start(proxyResponseHeaders: ProxyResponseHeaders | undefined) {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, answered);
    response.end(gzipSync('{"ok":true}'));
  });
  const options = proxyResponseHeaders && { proxyResponseHeaders };
  const { post, call } = await startRestAction(upstream.url, options);
  return async (way: Way): Promise<Record<string, any>> => {
    if (way === 'api') return (await call()).responseHeaders ?? {};
    const { status, json, headers } = await post();
    expect({ status, json }).toEqual({ status: 200, json: { ok: true } });
    return headers;
  };
}

test.each(ways)('by %s, named headers go back to the caller, others do not', async (way) => {
  const read = await start(['X-One', 'x-two', 'x-absent']);
  const headers = await read(way);
  expect(headers).toMatchObject({ 'x-one': 'one', 'x-two': 'two, three' });
  for (const name of ['x-absent', 'x-latin', 'set-cookie']) {
    expect(headers).not.toHaveProperty(name);
  }
});

test.each(ways)('H4: by %s, several Set-Cookie stay several', async (way) => {
  const read = await start(['set-cookie']);
  expect((await read(way))['set-cookie']).toEqual(answered['set-cookie']);
});

const all: [string, ProxyResponseHeaders][] = [
  ['names', everything],
  ['a function', (headers) => headers],
];

test.each(all.flatMap(([kind, option]) => ways.map((way) => [kind, way, option] as const)))(
  'H4: %s, by %s, never copy framing, hop-by-hop and content-encoding',
  async (_kind, way, option) => {
    const headers = await (await start(option))(way);
    expect(headers).toMatchObject({ 'x-one': 'one', 'x-latin': 'caf\u00e9' });
    const never = ['content-encoding', 'x-hop', 'proxy-authenticate', 'trailer'];
    for (const name of [...never, 'transfer-encoding']) expect(headers).not.toHaveProperty(name);
    expect(headers['keep-alive']).not.toBe('timeout=77');
    expect(String(headers.connection)).not.toContain('x-hop');
  },
);

test.each(ways)('by %s, a function gets headers and type, and makes new ones', async (way) => {
  const seen: unknown[] = [];
  const read = await start((headers, type) => {
    seen.push([headers['x-one'], headers['x-two'], type]);
    return { 'X-Made': 'made', 'x-number': 5, 'x-list': ['a', 'b'], 'x-undefined': undefined };
  });
  const headers = await read(way);
  expect(seen).toEqual([['one', 'two, three', 'rest']]);
  expect(headers).toMatchObject({ 'x-made': 'made', 'x-number': '5' });
  expect([headers['x-list']].flat().join(', ')).toBe('a, b');
  expect(headers).not.toHaveProperty('x-undefined');
});

test.each([
  ['undefined', () => undefined],
  ['a promise of nothing', () => Promise.resolve(undefined)],
  ['what cannot be a header', () => ({ 'x bad': '1', 'x-lines': 'a\r\nb', 'x-deep': {} })],
] as [string, ProxyResponseHeaders][])(
  'a function that returns %s adds nothing',
  async (_n, option) => {
    const headers = await (await start(option))('controller');
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual(['x-powered-by']);
  },
);

test('without the option there are no response headers', async () => {
  expect(await (await start(undefined))('api')).toEqual({});
});

test.each([
  ['JSON', { a: 1 }],
  ['text beyond latin1', 'привет'],
])('H4: a latin1 value arrives as it came beside %s', async (_name, data) => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'x-latin': 'caf\u00e9' }).end('{}');
  });
  const { post } = await startRestAction(upstream.url, {
    proxyResponseHeaders: ['x-latin'],
    transformResponseData: () => data,
  });
  const { headers, json } = await post();
  expect(headers['x-latin']).toBe('caf\u00e9');
  expect(json).toEqual(data);
});

test('cookies of the upstream join those that a middleware has set', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(204, { 'set-cookie': ['up=1', 'up=2'] }).end();
  });
  const { post } = await startRestAction(
    upstream.url,
    { proxyResponseHeaders: ['set-cookie'] },
    { onBeforeAction: (_req: any, res: any) => void res.cookie('own', '1') },
  );
  const { headers } = await post();
  expect(headers['set-cookie']).toEqual(['own=1; Path=/', 'up=1', 'up=2']);
});
