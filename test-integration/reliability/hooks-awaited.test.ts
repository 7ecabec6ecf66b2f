import { setTimeout as sleep } from 'node:timers/promises';
import { checkLeaks } from './check-leaks';
import { expectCoded } from './failing-hook';
import { promise } from './promise';
import { startService } from './start-service';
import type { ServiceOptions } from './start-service';

checkLeaks();

type Started = Awaited<ReturnType<typeof startService>>;

async function later<T>(value: T): Promise<T> {
  await sleep(10);
  return value;
}

/** What the upstreams were told, as `rest` and `grpc` have sent it. */
async function sentBy({ post, rest, grpcCalls }: Started) {
  await post('rest');
  await post('grpc');
  const { url, headers } = rest.last;
  const { metadata, request } = grpcCalls.at(-1)!;
  return { url, rest: headers['x-own'], grpc: metadata.get('x-own')[0], itemId: request.itemId };
}

const BOTH = { rest: 'late', grpc: 'late' };
const headers = () => later({ 'x-own': 'late' });
const fromAuthArgs = ({ authArgs }: any) => ({ 'x-own': authArgs.own });
const authArgs = () => later({ own: 'late' });

const asked: [string, ServiceOptions, object][] = [
  [
    'getAuthArgs of the config',
    { config: { getAuthArgs: authArgs, getAuthHeaders: fromAuthArgs } },
    BOTH,
  ],
  [
    'getAuthArgs of the service',
    { service: { getAuthArgs: authArgs, getAuthHeaders: fromAuthArgs } },
    BOTH,
  ],
  ['getAuthHeaders of the config', { config: { getAuthHeaders: headers } }, BOTH],
  ['getAuthHeaders of the service', { service: { getAuthHeaders: headers } }, BOTH],
  ['getAuthHeaders of the action', { common: { getAuthHeaders: headers } }, BOTH],
  ['proxyHeaders of the config', { config: { proxyHeaders: headers } }, BOTH],
  ['proxyHeaders of the action', { common: { proxyHeaders: headers } }, BOTH],
  [
    'params',
    { common: { params: () => later({ query: { a: 'late' }, body: { itemId: 'late' } }) } },
    { url: '/ok?a=late', itemId: 'late' },
  ],
  ['path', { rest: { path: () => later('/late') } }, { url: '/late' }],
  [
    'an interceptor of requests',
    {
      config: {
        axiosInterceptors: {
          request: [
            {
              callback: (request) => later(Object.assign(request, { url: `${request.url}/late` })),
            },
          ],
        },
      },
    },
    { url: '/ok/late' },
  ],
];

promise('K1', 'Hooks that make the request may be async, and are awaited.', (express) => {
  test.each(asked)('%s', async (_name, options, expected) => {
    expect(await sentBy(await startService(express, options))).toMatchObject(expected);
  });

  test('endpoint', async () => {
    const chosen = await startService(express);
    const endpoint = () => later(chosen.rest.url);
    const { post, sent } = await startService(express, { common: { endpoint } });
    expect(await post('rest')).toMatchObject({ status: 200 });
    expect(sent()).toBe(0);
    expect(chosen.rest.requests).toHaveLength(1);
  });

  test('onBeforeAction', async () => {
    const onBeforeAction = async (_req: unknown, res: any) =>
      res.status(401).json(await later({ own: 1 }));
    const { post, sent } = await startService(express, { config: { onBeforeAction } });
    expect(await post('mixed')).toMatchObject({ status: 401, json: { own: 1 } });
    expect(sent()).toBe(0);
  });
});

const retry = { retries: 1 };
const data = () => later({ own: 'late' });
const answering = async (_req: unknown, res: any, given: any) =>
  res.status(299).json(await later({ own: given.code ?? given.service ?? 'data' }));

const answered: [string, ServiceOptions, string, object][] = [
  [
    'transformResponseData (REST)',
    { common: { transformResponseData: data } },
    'rest',
    { json: { own: 'late' } },
  ],
  [
    'transformResponseData (gRPC)',
    { common: { transformResponseData: data } },
    'grpc',
    { json: { own: 'late' } },
  ],
  [
    'transformResponseError',
    { rest: { transformResponseError: () => later({ code: 'LATE' }) } },
    'restFails',
    { status: 409, json: { code: 'LATE' } },
  ],
  [
    'proxyResponseHeaders (REST)',
    { common: { proxyResponseHeaders: () => later({ 'x-own': 'late' }) } },
    'rest',
    { headers: { 'x-own': 'late' } },
  ],
  [
    'proxyResponseHeaders (gRPC)',
    { common: { proxyResponseHeaders: () => later({ 'x-own': 'late' }) } },
    'grpc',
    { headers: { 'x-own': 'late' } },
  ],
  [
    'onRequestSuccess',
    { config: { onRequestSuccess: answering } },
    'mixed',
    { status: 299, json: { own: 'data' } },
  ],
  [
    'onRequestFailed',
    { config: { onRequestFailed: answering } },
    'restFails',
    { status: 299, json: { own: 'TAKEN' } },
  ],
  [
    'onUnknownAction',
    { config: { onUnknownAction: answering } },
    'none',
    { status: 299, json: { own: 's' } },
  ],
  [
    'withDebugHeaders',
    { config: { withDebugHeaders: () => later(true) } },
    'rest',
    { headers: { 'x-api-request-method': 'GET' } },
  ],
  [
    'proxyDebugHeaders',
    { config: { withDebugHeaders: true, proxyDebugHeaders: () => later({ 'x-own': 'late' }) } },
    'grpc',
    { headers: { 'x-own': 'late' } },
  ],
];

promise('K1', 'Hooks that decide about the answer may be async, and are awaited.', (express) => {
  test.each(answered)('%s', async (_name, options, action, expected) => {
    const { post } = await startService(express, options);
    expect(await post(action)).toMatchObject(expected);
  });

  test('an interceptor of responses', async () => {
    const callback = (response: any) => later({ ...response, data: { own: 'late' } });
    const config = { axiosInterceptors: { response: [{ callback }] } };
    const { post } = await startService(express, { config });
    expect(await post('rest')).toMatchObject({ json: { own: 'late' } });
  });

  test.each([
    ['axiosRetryCondition', 'restFails', true],
    ['axiosRetryCondition', 'restFails', false],
    ['grpcRetryCondition', 'grpcFails', true],
    ['grpcRetryCondition', 'grpcFails', false],
  ])('%s (%s) that resolves to %s', async (name, action, wanted) => {
    const config = { [name]: () => later(wanted) };
    const { post, sent } = await startService(express, { config, common: retry });
    expect(await post(action)).toMatchObject({ status: 409 });
    expect(sent()).toBe(wanted ? 2 : 1);
  });
});

promise('K1', 'An async `paramsSerializer` is refused: nothing is sent.', (express) => {
  const params = () => ({ query: { a: 1 } });
  const serialize = () => later('a=late');
  const rejecting = () => Promise.reject(new Error('boom'));

  test.each([
    ['a function', serialize],
    ['serialize', { serialize }],
    ['encode', { encode: serialize }],
    ['a function that rejects', rejecting],
    ['serialize that rejects', { serialize: rejecting }],
  ])('%s', async (_name, paramsSerializer) => {
    const { post, sent } = await startService(express, { rest: { params, paramsSerializer } });
    const answer = await post('rest');
    expectCoded(answer);
    expect(answer.status).toBe(500);
    expect(sent()).toBe(0);
  });
});
