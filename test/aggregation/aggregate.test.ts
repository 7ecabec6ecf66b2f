import { aggregate, optional, required } from '../../lib';
import { watchProcess } from '../servers/watch-process';
import { errorOf, startPage } from './start-page';

watchProcess();

test('an aggregate is a mixed action: its parts are given api, args and extra', async () => {
  const page = aggregate({
    parts: {
      user: required((api, { text }: { text: string }) => api.s.say({ text })),
      item: required((api, { itemId }: { itemId: string }) => api.items.get({ itemId })),
      lang: required((_api, _args, { lang }) => lang),
      orders: optional((api) => api.s.fail({ status: 500 }), { fallback: [] }),
    },
  });
  const { post, call } = await startPage(page);
  const args = { text: 'ada', itemId: 'pot' };
  const settled = {
    data: {
      user: { said: 'ada' },
      item: expect.objectContaining({ itemId: 'pot' }),
      lang: 'ru',
      orders: [],
    },
    errors: [{ key: 'orders', code: 'CODE_500', status: 500 }],
  };
  expect((await post(args, { 'accept-language': 'ru' })).json).toEqual(settled);
  const { responseData } = await call({ args, headers: { 'accept-language': 'ru' } });
  expect(responseData).toEqual(settled);
});

test('its required parts fail it as those of settle do', async () => {
  const page = aggregate({ parts: { user: required((api) => api.s.fail({ status: 404 })) } });
  const { code, message } = errorOf(404);
  const { post } = await startPage(page);
  const json = { code, message, details: { part: 'user' } };
  expect(await post()).toMatchObject({ status: 404, json });
});

test('the options of a mixed action stand beside the parts', async () => {
  const run = jest.fn(() => 1);
  const interceptor = jest.fn((next: any) => (call: any) => next(call));
  const page = aggregate({
    parts: { now: required(run) },
    validationSchema: { required: ['id'] },
    interceptors: [interceptor],
  });
  const { post } = await startPage(page);
  expect((await post()).json).toMatchObject({ code: 'INVALID_PARAMS' });
  expect(run).not.toHaveBeenCalled();
  expect((await post({ id: '1' })).json).toEqual({ data: { now: 1 }, errors: [] });
  expect(interceptor).toHaveBeenCalledTimes(1);
});

test('parts that are added later are no parts of it', async () => {
  const parts: Record<string, any> = { now: required(() => 1) };
  const page = aggregate({ parts });
  parts['later'] = required(() => 2);
  const { post } = await startPage(page);
  expect((await post()).json.data).toEqual({ now: 1 });
});

test('an option that cannot be fails the build, with the name of the action', async () => {
  const page = aggregate({ parts: { now: required(() => 1) }, timeout: -1 });
  await expect(startPage(page)).rejects.toThrow(/root\.pages\.page: timeout/);
});

test('the signal in extra is the part`s own, and the rest of extra is the action`s', async () => {
  const signals: AbortSignal[] = [];
  const keep = (_api: unknown, _args: unknown, extra: { abortSignal?: AbortSignal }) => {
    signals.push(extra.abortSignal!);
    return Object.keys(extra).sort();
  };
  const page = aggregate({ parts: { first: required(keep), second: required(keep) } });
  const { post } = await startPage(page);
  const { data } = (await post()).json;
  const members = ['abortSignal', 'config', 'ctx', 'grpcContext', 'headers', 'lang', 'requestId'];
  expect(data.first).toEqual(expect.arrayContaining(members));
  expect(data.second).toEqual(data.first);
  expect(signals[0]).not.toBe(signals[1]);
});

test('T5: parts of concurrent calls never see each other`s request', async () => {
  const say = (api: any, { text }: { text: string }) => api.s.say({ text });
  const page = aggregate({ parts: { first: required(say), second: optional(say) } });
  const { post } = await startPage(page);
  const names = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  const answers = await Promise.all(names.map((text) => post({ text })));
  expect(answers.map(({ json }) => json.data)).toEqual(
    names.map((said) => ({ first: { said }, second: { said } })),
  );
});
