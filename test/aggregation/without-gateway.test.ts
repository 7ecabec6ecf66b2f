import { aggregate, optional, required, settle } from '../../lib';
import type { ApiServiceMixedExtra } from '../../lib';
import { watchProcess } from '../servers/watch-process';
import { startPage } from './start-page';

watchProcess();

const never = () => new Promise<never>(() => undefined);
const stub = { users: { get: ({ id }: { id: string }) => Promise.resolve({ id }) } };

test('a stub in place of the api is given to the parts as it is', async () => {
  const settled = await settle(stub, {
    same: required((api) => api === stub),
    user: required((api) => api.users.get({ id: '1' })),
  });
  expect(settled).toEqual({ data: { same: true, user: { id: '1' } }, errors: [] });
});

test.each<[string, any]>([
  ['undefined', undefined],
  ['null', null],
  ['a text', 'api'],
  ['a stub that answers any key', new Proxy({}, { get: () => () => 'any' })],
])('%s may be the api of parts that need none', async (_name, api) => {
  const { data } = await settle(api, { now: required(() => 1) });
  expect(data).toEqual({ now: 1 });
});

test('failures and times are those of a mixed action, in English', async () => {
  const slow = { slow: optional(never, { timeoutMs: 20 }), user: required(() => 'ada') };
  expect(await settle(stub, slow)).toEqual({
    data: { slow: null, user: 'ada' },
    errors: [{ key: 'slow', code: 'ECONNABORTED', status: 504 }],
  });
  await expect(settle(stub, { slow: required(never, { timeoutMs: 20 }) })).rejects.toMatchObject({
    error: {
      status: 504,
      message: 'The upstream service did not answer in time',
      details: { part: 'slow' },
    },
  });
  await expect(settle(stub, { slow: slow.slow })).rejects.toMatchObject({
    error: { status: 502, code: 'ALL_PARTS_FAILED', details: { parts: [{ key: 'slow' }] } },
  });
});

test('the gateway`s own api serves too, with its own kind of calls', async () => {
  const { api } = await startPage(() => undefined);
  const run = settle(api, {
    said: required(async (api) => (await api.s.say({ args: { text: 'ada' } })).responseData),
    failed: optional((api) => api.s.fail({ args: { status: 404 } })),
  });
  expect(await run).toEqual({
    data: { said: { said: 'ada' }, failed: null },
    errors: [{ key: 'failed', code: 'CODE_404', status: 404 }],
  });
});

test('an aggregate is a function that a test can call', async () => {
  const page = aggregate({
    parts: {
      user: required((api: typeof stub, { id }: { id: string }) => api.users.get({ id })),
      lang: required((_api, _args: { id: string }, { lang }) => lang),
    },
  });
  const extra = { lang: 'en' } as ApiServiceMixedExtra;
  expect((await page(stub, { id: '7' }, extra)).data).toEqual({ user: { id: '7' }, lang: 'en' });
});

test('S3: no timer is left of parts that have ended, well or not', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  try {
    const failing = () => Promise.reject(new Error('Broken'));
    const timeoutMs = 60_000;
    await settle(stub, {
      now: required(() => 1, { timeoutMs }),
      failed: optional(failing, { timeoutMs }),
    });
    await settle(stub, {
      waiting: required(never, { timeoutMs }),
      failed: required(failing, { timeoutMs }),
    }).catch(() => undefined);
    await new Promise(setImmediate);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
