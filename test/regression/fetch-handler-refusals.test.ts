import { GatewayCallError, getGatewayControllers, toFetchHandler } from '../../lib';
import type { FetchHandlerOptions, GatewayConfig } from '../../lib';
import { closeAfterTest } from '../servers/closing';
import { eventually } from '../servers/eventually';
import { startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

type Config = GatewayConfig<any, any, any>;

function build(options: FetchHandlerOptions = {}, config: Config = {}, service: object = {}) {
  const actions = { echo: (_api: unknown, args: object) => args };
  const schemas: any = { root: { s: { actions, ...service } } };
  const gateway = getGatewayControllers(schemas, config);
  closeAfterTest(() => gateway.close({ graceMs: 0 }));
  const handle = toFetchHandler(gateway, options);
  return (init: RequestInit & { duplex?: 'half' } = {}, action = 'echo') =>
    handle(new Request(`http://host.test/gateway/s/${action}`, { method: 'POST', ...init }));
}

const refusing = (status: number, responseHeaders: Record<string, any> = {}) => ({
  prepare(): never {
    throw new GatewayCallError({ status, code: 'NO', message: 'no' }, { responseHeaders });
  },
});

test.each([
  ['a name that is none', { 'a b': 'x', 'x-fine': 'y' }],
  ['a value of two lines', { 'x-own': 'a\r\nb', 'x-fine': 'y' }],
])('prepare may fail with %s among its headers: that one is left out', async (_name, headers) => {
  const answer = await build(refusing(401, headers))();
  expect([answer.status, answer.headers.get('x-fine')]).toEqual([401, 'y']);
  expect(await answer.json()).toMatchObject({ code: 'NO' });
});

test('several cookies of a failure of prepare stay several', async () => {
  const answer = await build(refusing(401, { 'set-cookie': ['a=1', 'b=2'] }))();
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test.each([0, 99, 200, 1000, NaN])(
  'a failure of prepare with status %p is a 500',
  async (status) => {
    const answer = await build(refusing(status))();
    expect([answer.status, ((await answer.json()) as any).status]).toEqual([500, 500]);
  },
);

test.each(['application/json', 'text/plain'])(
  'a %s body without an end holds nothing when its client has left',
  async (contentType) => {
    const leaving = new AbortController();
    const body = new ReadableStream({ start: () => leaving.abort() }, { highWaterMark: 0 });
    const headers = { 'content-type': contentType };
    const answer = await build()({ body, headers, duplex: 'half', signal: leaving.signal });
    expect(answer.status).toBe(499);
  },
);

test('a hook that answers after the gateway is told, and takes nothing of the answer away', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.write('first ');
    void eventually(() => late !== undefined).finally(() => response.end('last'));
  });
  const axiosConfig = { responseType: 'stream' } as const;
  const service = {
    endpoints: { path: upstream.url, axiosConfig },
    actions: { get: { method: 'GET', path: '/' } },
  };
  let late: unknown;
  let answerLate: () => void = () => undefined;
  const onBeforeAction: Config['onBeforeAction'] = (_req: unknown, res: any) => {
    answerLate = () => res.json({});
  };
  const answer = await build({}, { onBeforeAction }, service)({}, 'get');
  try {
    answerLate();
    late = 'nothing';
  } catch (error) {
    late = error;
  }
  expect(late).toMatchObject({ message: 'The answer is already sent' });
  expect(await answer.text()).toBe('first last');
});

test.each([
  ['bodyBytes', { bodyBytes: '1mb' }],
  ['bodyBytes', { bodyBytes: NaN }],
  ['prefix', { prefix: 'gateway' }],
  ['prefix', { prefix: '/gateway?a' }],
  ['prepare', { prepare: {} }],
  ['maxBytes', { maxBytes: 1 }],
])('an option that cannot be is named when the handler is made: %s', (name, options) => {
  expect(() => build(options as never)).toThrow(new RegExp(`^toFetchHandler: .*${name}`));
});
