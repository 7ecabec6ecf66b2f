import { once } from 'node:events';
import { request } from 'node:http';
import { mixed } from '../../lib';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** An upstream that answers nothing and tells when a request came and when it was cancelled. */
async function startSilentUpstream() {
  let onCancel!: () => void;
  let onCome!: () => void;
  const cancelled = new Promise<void>((resolve) => (onCancel = resolve));
  const came = new Promise<void>((resolve) => (onCome = resolve));
  const upstream = await startUpstream((_request, response) => {
    response.once('close', onCancel);
    onCome();
  });
  return { upstream, came, cancelled };
}

test('validationSchema refuses args before the function runs', async () => {
  const fn = jest.fn(() => Promise.resolve('done'));
  const page = mixed(fn, { validationSchema: { required: ['id'] } });
  const { api, post } = await startGateway({ root: { pages: { actions: { page } } } });
  expect(await post('pages/page')).toMatchObject({ status: 400, json: { code: 'INVALID_PARAMS' } });
  await expect(api.pages.page()).rejects.toMatchObject({ error: { code: 'INVALID_PARAMS' } });
  expect(fn).not.toHaveBeenCalled();
  expect((await post('pages/page', { id: '1' })).json).toBe('done');
});

test('the config`s validationSchema is for plain functions too, inner calls not excepted', async () => {
  const page = () => Promise.resolve('done');
  const outer = (api: any) => api.pages.page({});
  const config = { validationSchema: { required: ['id'] } };
  const { post } = await startGateway({ root: { pages: { actions: { page, outer } } } }, config);
  expect((await post('pages/page')).json).toMatchObject({ code: 'INVALID_PARAMS' });
  expect((await post('pages/outer', { id: '1' })).json).toMatchObject({ code: 'INVALID_PARAMS' });
  expect((await post('pages/page', { id: '1' })).json).toBe('done');
});

test.each<[string, object, object]>([
  ['the action', { timeout: 30 }, {}],
  ['the call', {}, { timeout: 30 }],
  ['the call before the action', { timeout: 60_000 }, { timeout: 30 }],
])('the timeout of %s ends the function with 504', async (_name, options, call) => {
  const page = mixed(never, options);
  const { api } = await startGateway({ root: { pages: { actions: { page } } } });
  await expect(api.pages.page(call)).rejects.toMatchObject({ error: { status: 504 } });
});

test('a timeout cancels what the function waits for', async () => {
  const { upstream, cancelled } = await startSilentUpstream();
  const page = mixed((api) => api.users.get() as Promise<unknown>, { timeout: 200 });
  const users = {
    endpoints: upstream.url,
    actions: { get: { method: 'GET', path: '/' } },
  } as const;
  const { post } = await startGateway({ root: { users, pages: { actions: { page } } } });
  expect((await post('pages/page')).status).toBe(504);
  await cancelled;
});

async function startAbandoned(options: object, config: object) {
  const { upstream, came, cancelled } = await startSilentUpstream();
  let signal: AbortSignal | undefined;
  const page = mixed((api, _args, { abortSignal }) => {
    signal = abortSignal;
    return api.users.get() as Promise<unknown>;
  }, options);
  const users = {
    endpoints: upstream.url,
    actions: { get: { method: 'GET', path: '/' } },
  } as const;
  const schemas = { root: { users, pages: { actions: { page } } } };
  const { url } = await startGateway(schemas, config);
  const client = request(`${url}/gateway/pages/page`, { method: 'POST', agent: false });
  client.on('error', () => undefined).end();
  await came;
  client.destroy();
  return { cancelled, signal: signal as AbortSignal };
}

test.each<[string, object, object]>([
  ['of the action', { abortOnClientDisconnect: true }, {}],
  ['of the config', {}, { abortOnClientDisconnect: true }],
])(
  'C4: with abortOnClientDisconnect %s inner calls end with the client',
  async (_name, options, config) => {
    const { cancelled, signal } = await startAbandoned(options, config);
    await cancelled;
    expect(signal.aborted).toBe(true);
  },
);

test.each<[string, object, object]>([
  ['without the flag', {}, {}],
  [
    'with a flag of the action that says no',
    { abortOnClientDisconnect: false },
    { abortOnClientDisconnect: true },
  ],
])('%s the function goes on when the client leaves', async (_name, options, config) => {
  let finish!: (value: string) => void;
  const result = new Promise<string>((resolve) => (finish = resolve));
  const finished = jest.fn();
  let onStart!: () => void;
  const started = new Promise<void>((resolve) => (onStart = resolve));
  const page = mixed(async (_api, _args, { abortSignal }) => {
    onStart();
    finished(await result, abortSignal?.aborted);
  }, options);
  const { url, server } = await startGateway({ root: { pages: { actions: { page } } } }, config);
  const left = once(server, 'connection').then(([socket]) => once(socket, 'close'));
  const client = request(`${url}/gateway/pages/page`, { method: 'POST', agent: false });
  client.on('error', () => undefined).end();
  await started;
  client.destroy();
  await left;
  finish('done');
  await new Promise(setImmediate);
  expect(finished.mock.calls).toEqual([['done', false]]);
});
