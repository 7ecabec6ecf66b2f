import { deepFreeze } from '../fakes/deep-freeze';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';
import { watchProcess } from '../servers/watch-process';

watchProcess();

test('T4: a frozen call works through retries, mixed actions and hooks, and stays as it was', async () => {
  let answers = 0;
  const upstream = await startUpstream((_request, response) => {
    sendJson(response, {}, ++answers === 1 ? 503 : 200);
  });
  const put = {
    method: 'PUT',
    path: ({ id }: any) => `/items/${id}`,
    params: (args: object, headers: any) => ({ body: args, headers }),
    proxyHeaders: (headers: object) => ({ ...headers, 'x-proxied': 'yes' }),
    idempotency: true,
  } as const;
  const { api } = await startGateway({
    root: {
      s: {
        endpoints: upstream.url,
        actions: { put, mixed: (own: any, args: any) => own.s.put(args) },
      },
    },
  });
  const call = deepFreeze({
    args: { id: 'a', deep: { list: [1, { two: 2 }] } },
    headers: { 'x-forwarded-for': '10.0.0.1' },
    authArgs: { token: 't' },
    abortSignal: Object.freeze(new AbortController().signal),
    retries: 1,
  });
  const before = JSON.stringify(call);
  await api.s.put(call as never);
  await api.s.mixed(call as never);
  expect(JSON.stringify(call)).toBe(before);
  expect(upstream.requests.map(({ url }) => url)).toEqual(['/items/a', '/items/a', '/items/a']);
  expect(upstream.last.json).toEqual(call.args);
});
