import { mixed } from '../../lib';
import type { ApiServiceMixedExtra, GatewayContext } from '../../lib';
import { createRecordingContext } from '../fakes/recording-context';
import { startGateway } from '../servers/start-gateway';

type Extra = ApiServiceMixedExtra<GatewayContext>;

/** A gateway whose one action keeps the third argument it was given. */
async function start(config: object = {}, use?: (extra: Extra, args: unknown) => unknown) {
  const extras: Extra[] = [];
  const keep = (_api: unknown, args: unknown, extra: Extra) => {
    extras.push(extra);
    return Promise.resolve(use?.(extra, args));
  };
  const gateway = await startGateway({ root: { pages: { actions: { keep } } } }, config);
  return { ...gateway, keep: gateway.api.pages.keep, extras };
}

test('a function is given what the call says of its request', async () => {
  const { keep, extras } = await start();
  const headers = { 'x-own': 'own' };
  const authArgs = { token: 'secret' };
  await keep({ headers, authArgs, requestId: 'request-1', userId: 'user-1' });
  expect(extras).toMatchObject([{ headers, authArgs, requestId: 'request-1', userId: 'user-1' }]);
});

test('a function is given what the HTTP request says', async () => {
  const config = { getAuthArgs: (req: { headers: object }) => req.headers };
  const { extras, post } = await start(config);
  await post('pages/keep', {}, { 'x-own': 'own', 'x-request-id': 'request-1' });
  const headers = { 'x-own': 'own' };
  expect(extras).toMatchObject([{ headers, authArgs: headers, requestId: 'request-1' }]);
});

test('for a call that says nothing there are headers, a request id and a silent ctx', async () => {
  const { keep, extras } = await start({}, ({ ctx }) => ctx.log('said'));
  await keep();
  expect(extras).toMatchObject([{ headers: {}, requestId: expect.stringMatching(/^[\w-]{36}$/) }]);
});

test('args are what was given, {} for nothing', async () => {
  const { keep } = await start({}, (_extra, args) => args);
  const args = { id: '1' };
  expect((await keep({ args } as never)).responseData).toBe(args);
  expect((await keep()).responseData).toEqual({});
});

test.each([
  ['ru', {}, 'ru'],
  ['de;q=0.5, ru-RU', {}, 'ru'],
  [undefined, {}, 'en'],
  [undefined, { defaultLang: 'de' }, 'de'],
])('accept-language %s with %j: lang is %s', async (language, config, lang) => {
  const { keep, extras } = await start(config);
  await keep({ headers: language === undefined ? {} : { 'accept-language': language } });
  expect(extras[0]?.lang).toBe(lang);
});

test('ctx is the action`s own child of the caller`s', async () => {
  const { ctx, children } = createRecordingContext();
  const { keep } = await start({}, ({ ctx }) => ctx.log('said', { by: 'function' }));
  await keep({ ctx });
  const tags = { action: 'keep', service: 'pages', type: 'mixed' };
  expect(children()).toMatchObject([{ name: 'Gateway pages keep [mixed]', tags, ends: 1 }]);
  expect(children()[0]?.logs).toContainEqual({ message: 'said', extra: { by: 'function' } });
});

test('config has the options of the gateway, and cannot be changed', async () => {
  const config = { installation: 'main', env: 'production', timeout: 5000 };
  const { keep, extras } = await start(config);
  await keep();
  expect(extras[0]?.config).toMatchObject(config);
  expect(() => Object.assign(extras[0]?.config as object, { timeout: 1 })).toThrow(TypeError);
});

test('abortSignal is quiet, until the call is cancelled', async () => {
  const controller = new AbortController();
  const cancel = ({ abortSignal }: Extra) => {
    expect(abortSignal?.aborted).toBe(false);
    controller.abort();
    return new Promise(() => undefined);
  };
  const { keep, extras } = await start({}, cancel);
  await expect(keep({ abortSignal: controller.signal })).rejects.toMatchObject({
    error: { status: 499 },
  });
  expect(extras[0]?.abortSignal?.aborted).toBe(true);
});

test('sendStats reports beside the call`s own stats', async () => {
  const sent: unknown[][] = [];
  const sendStats = (...parameters: unknown[]) => void sent.push(parameters);
  const report = ({ sendStats: send }: Extra) => send({ service: 'inner' }, { 'x-own': 'own' });
  const { keep } = await start({ sendStats }, report);
  const { ctx } = createRecordingContext();
  await keep({ ctx });
  expect(sent).toHaveLength(2);
  expect(sent[0]?.slice(0, 2)).toEqual([{ service: 'inner' }, { 'x-own': 'own' }]);
  expect(sent[1]?.[0]).toMatchObject({ service: 'pages', action: 'keep', requestMethod: '' });
});

test('mixed(fn) gives the function the same', async () => {
  const fn = jest.fn((_api: unknown, _args: object, extra: Extra) => Object.keys(extra).sort());
  const { keep, extras } = await start();
  await keep({ authArgs: 1 });
  const { api } = await startGateway({ root: { pages: { actions: { keep: mixed(fn) } } } });
  const { responseData } = await api.pages.keep({ authArgs: 1 });
  expect(responseData).toEqual(Object.keys(extras[0] as object).sort());
  expect(responseData).toEqual([
    'abortSignal',
    'authArgs',
    'config',
    'ctx',
    'grpcContext',
    'headers',
    'lang',
    'requestId',
    'sendStats',
  ]);
});
