import type { GatewayConfig } from '../../lib';
import { failureOf, startRestAction } from '../servers/start-rest-action';
import { createRecordingContext } from '../fakes/recording-context';
import { sendJson, startUpstream } from '../servers/start-upstream';

type Config = GatewayConfig<any, any, any>;

async function start(proxyDebugHeaders: Config['proxyDebugHeaders'], status = 200, config = {}) {
  const upstream = await startUpstream((_request, response) =>
    sendJson(response, { a: 1 }, status),
  );
  const action = {
    params: (_args: object, headers: object) => ({ headers: { ...headers, 'X-Sent': 'sent' } }),
  };
  const all = { withDebugHeaders: true, proxyDebugHeaders, ...config } as Config;
  return { upstream, ...(await startRestAction(upstream.url, action, all)) };
}

test.each([200, 500])(
  'names show headers that were sent, as x-gateway-<name>: %d',
  async (status) => {
    const { post, call } = await start(
      ['X-Sent', 'accept', 'x-request-timeout', 'x-absent'],
      status,
    );
    const { headers } = await post({}, { 'x-absent': 'only in the request' });
    const shown = {
      'x-gateway-x-sent': 'sent',
      'x-gateway-accept': 'application/json, */*',
      'x-gateway-x-request-timeout': '25000',
    };
    expect(headers).toMatchObject(shown);
    expect(headers).not.toHaveProperty('x-gateway-x-absent');
    const called = call();
    const { debugHeaders } = await (status === 200 ? called : failureOf(called));
    expect(debugHeaders).toMatchObject(shown);
  },
);

test('a function gets a copy of what was sent, and its result is shown', async () => {
  const seen: unknown[] = [];
  const { post } = await start((headers: any, type, extra) => {
    seen.push([headers['x-sent'], type, extra]);
    headers['x-sent'] = 'changed';
    return { 'X-Own': 'own', 'x-list': ['a', 'b'], 'x-number': 5, 'x-undefined': undefined };
  });
  const { headers } = await post();
  expect(seen).toEqual([['sent', 'rest', { service: 's', action: 'run' }]]);
  expect(headers).toMatchObject({ 'x-own': 'own', 'x-list': 'a, b', 'x-number': '5' });
  expect(headers).not.toHaveProperty('x-undefined');
});

test.each([
  ['an illegal name', { 'x bad': '1', '': '1', ['__proto__']: '1' }],
  ['no text', { 'x-object': { a: 1 }, 'x-null': null }],
])('H5: %s is skipped', async (_name, made) => {
  const { post } = await start(() => ({ ...made, 'x-fine': '1' }));
  const { status, headers } = await post();
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'x-fine': '1' });
});

test('G5: what it returns does not change how the answer is read', async () => {
  const { post } = await start(() => ({
    'content-length': '3',
    'content-encoding': 'gzip',
    'transfer-encoding': 'gzip',
    connection: 'upgrade',
    'content-type': 'text/html',
  }));
  const { status, json, headers } = await post();
  expect({ status, json }).toEqual({ status: 200, json: { a: 1 } });
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers).not.toHaveProperty('content-encoding');
});

test.each([
  [
    'throwing',
    () => {
      throw new Error('debug broke');
    },
  ],
  ['rejecting', () => Promise.reject(new Error('debug broke'))],
] as [string, () => never][])(
  'K3: a %s function is logged once, the call unaffected',
  async (_n, fail) => {
    const { ctx, all } = createRecordingContext();
    const config = { onBeforeAction: (req: any) => void (req.ctx = ctx) };
    const { post } = await start(fail, 200, config);
    const { status, json, headers } = await post();
    expect({ status, json }).toEqual({ status: 200, json: { a: 1 } });
    expect(headers).toMatchObject({ 'x-api-request-method': 'GET' });
    const logged = all.flatMap(({ errors }) => errors);
    expect(logged).toMatchObject([{ error: { message: 'debug broke' } }]);
  },
);

test('H5: debug headers that a thrown value brings are skipped where they cannot be set', async () => {
  const { post } = await start([], 200, {
    onBeforeAction: () => {
      const debugHeaders = { 'x bad': '1', 'x-lines': 'a\r\nb', 'x-fine': '1' };
      throw Object.assign(new Error(), { error: { status: 418, code: 'OWN' }, debugHeaders });
    },
  });
  const { status, json, headers } = await post();
  expect({ status, code: json.code }).toEqual({ status: 418, code: 'OWN' });
  expect(headers).toMatchObject({ 'x-fine': '1' });
});
