import type { ApiServiceRestActionConfig as RestDefinition, GatewayConfig } from '../../lib';
import { VERSION } from '../../lib/version';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { ways } from './call-by';
import type { Way } from './call-by';

type Config = GatewayConfig<any, any, any>;

async function start(action: Partial<RestDefinition>, config: Config = {}, status = 200) {
  const upstream = await startUpstream((_request, response) => sendJson(response, {}, status));
  const { post, call } = await startRestAction(upstream.url, action, {
    withDebugHeaders: true,
    ...config,
  });
  async function read(way: Way, headers: object = {}): Promise<Record<string, string>> {
    if (way === 'controller') return (await post({}, headers as never)).headers as never;
    const called = call({ headers });
    return (await (status < 400 ? called : failureOf(called))).debugHeaders as never;
  }
  return { upstream, read };
}

const cases = ways.flatMap((way) => [200, 404].map((status) => [way, status] as const));

test.each(cases)('by %s, debug headers of a %d tell what was sent', async (way, status) => {
  const action = { method: 'POST', path: '/a/b', params: () => ({ body: { a: 'ü b' } }) } as const;
  const { upstream, read } = await start(action, {}, status);
  const headers = await read(way, { 'accept-language': 'ru-RU, en;q=0.5' });
  expect(headers).toMatchObject({
    'x-api-request-method': 'POST',
    'x-api-request-url': `${upstream.url}/a/b`,
    'x-api-request-body': encodeURIComponent('{"a":"ü b"}'),
    'x-api-request-lang': 'ru',
    'x-api-request-action': 'run',
    'x-api-request-endpoint': upstream.url,
    'x-request-id': upstream.last.headers['x-request-id'],
    'x-gateway-version': VERSION,
    ...(status === 200 && { 'x-api-content-type': 'application/json' }),
  });
  for (const name of ['protokey', 'protopath']) {
    expect(headers).not.toHaveProperty(`x-api-request-${name}`);
  }
});

const json = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) });
const circular: Record<string, unknown> = {};
circular['self'] = circular;

test.each([
  ['an object', { a: 1 }, '{"a":1}'],
  ['a list of many short values', Array(100).fill(1), JSON.stringify(Array(100).fill(1))],
  ['text', 'plain text', 'plain text'],
  ['255 characters', json(255), JSON.stringify(json(255))],
  ['256 characters', json(256), 'null'],
  ['much text', 'x'.repeat(10_000), 'null'],
  ['null', null, 'null'],
  ['a Buffer', Buffer.from('bytes'), '[Buffer]'],
  ['bytes', new Uint8Array(5), '[Buffer]'],
] as [string, unknown, string][])('x-api-request-body shows %s', async (_name, body, shown) => {
  const { read } = await start({ method: 'POST', params: () => ({ body }) });
  const { 'x-api-request-body': value } = await read('controller');
  expect(shown === '[Buffer]' ? value : decodeURIComponent(value!)).toBe(shown);
});

test('without a body there is no x-api-request-body', async () => {
  expect(await (await start({})).read('controller')).not.toHaveProperty('x-api-request-body');
});

test.each([
  ['circular', circular],
  ['with a bigint', { big: 1n }],
])('G5: a body that is no JSON, %s, fails the call and not its debug headers', async (_n, body) => {
  const { read } = await start({ method: 'POST', params: () => ({ body }) }, {}, 400);
  expect(await read('controller')).toMatchObject({
    'x-api-request-body': 'null',
    'x-api-request-method': 'POST',
  });
});

test('a failure before anything is sent tells what is known', async () => {
  const { read } = await start({ endpoint: 'absent' }, {}, 400);
  const headers = await read('controller');
  expect(headers).toMatchObject({ 'x-api-request-action': 'run', 'x-gateway-version': VERSION });
  expect(headers).not.toHaveProperty('x-api-request-url');
});

test('H5: each stays under 2 KB and all under 8 KB, whatever goes in', async () => {
  const long = `12345${'я'.repeat(5_000)}`;
  const proxyDebugHeaders = () => {
    const many = Array.from({ length: 9 }, (_value, at) => [`x-long-${at}`, long]);
    return Object.fromEntries([...many, ['x-short', 'fits']]) as object as never;
  };
  const path = () => `/${'p'.repeat(4_000)}`;
  const { read } = await start({ path }, { proxyDebugHeaders });
  const headers = await read('api');
  const sizes = Object.values(headers).map((value) => value.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2048);
  const total = Object.entries(headers).flat().join('').length;
  expect(total).toBeLessThanOrEqual(8 * 1024);
  expect(headers['x-short']).toBe('fits');
  expect(long).toContain(decodeURIComponent(headers['x-long-0']!));
});

test('limits.debugHeaderBytes bounds each', async () => {
  const path = () => `/${'p'.repeat(4_000)}`;
  const { read } = await start({ path }, { limits: { debugHeaderBytes: 100 } });
  expect((await read('controller'))['x-api-request-url']).toHaveLength(100);
});

test('H5: what is not printable is percent-encoded', async () => {
  const proxyDebugHeaders = () => ({ 'x-lines': 'a\r\nx-injected: 1', 'x-text': 'я\ud800' });
  const { read } = await start({}, { proxyDebugHeaders });
  expect(await read('controller')).toMatchObject({
    'x-lines': 'a%0D%0Ax-injected: 1',
    'x-text': '%D1%8F%EF%BF%BD',
  });
});
