import { AxiosError } from 'axios';
import { GatewayCallError } from '../../lib';
import { startGateway } from '../servers/start-gateway';
import { sendJson, startUpstream } from '../servers/start-upstream';

async function start() {
  const upstream = await startUpstream((_request, response) =>
    sendJson(response, { code: 'NO_USER', message: 'There is no such user', debug: 'why' }, 404),
  );
  const get = { method: 'GET', path: '/users/1' } as const;
  const actions = {
    get,
    lost: { ...get, endpoint: 'nowhere' },
    checked: { ...get, validationSchema: { required: ['id'] } },
    failing: {
      ...get,
      path: () => {
        throw new TypeError('inner');
      },
    },
    unreachable: { ...get, endpoint: () => 'http://127.0.0.1:1' },
    mixed: () => Promise.reject(new RangeError('mine')),
  };
  return startGateway({ root: { users: { endpoints: upstream.url, actions } } });
}

type Actions = Awaited<ReturnType<typeof start>>['api']['users'];

async function failureOf(call: Promise<unknown>): Promise<GatewayCallError> {
  const [settled] = await Promise.allSettled([call]);
  if (settled.status === 'fulfilled') throw new Error('the call succeeded');
  return settled.reason as GatewayCallError;
}

test.each<[keyof Actions, number, string, string]>([
  ['get', 404, 'NO_USER', 'There is no such user'],
  ['lost', 400, 'ENDPOINT_NOT_FOUND', 'Endpoint has not been found'],
  ['checked', 400, 'INVALID_PARAMS', 'Invalid parameters'],
  ['failing', 500, 'GATEWAY_REQUEST_ERROR', 'path failed'],
  ['unreachable', 502, 'ECONNREFUSED', 'The upstream service cannot be reached'],
  ['mixed', 500, 'GATEWAY_REQUEST_ERROR', 'mine'],
])(
  'the failure of %s is a GatewayCallError with status %d, code %s',
  async (name, status, code, message) => {
    const { api } = await start();
    const failure = await failureOf(api.users[name]({ requestId: 'request-1' }));
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toBeInstanceOf(GatewayCallError);
    expect(failure).toMatchObject({ name: 'GatewayCallError', message });
    expect(failure.stack).toContain(`GatewayCallError: ${message}`);
    expect(failure.error).toMatchObject({ status, code, message, requestId: 'request-1' });
    expect(failure.debugHeaders).toMatchObject({ 'x-request-id': 'request-1' });
  },
);

test('error is plain data, what its JSON says', async () => {
  const { api } = await start();
  const { error } = await failureOf(api.users.get());
  expect(Object.getPrototypeOf(error)).toBe(Object.prototype);
  expect(JSON.parse(JSON.stringify(error))).toEqual(error);
  expect(error.details).toMatchObject({ title: 'NO_USER', description: 'There is no such user' });
  expect(error.debug).toBe('why');
});

test.each<[keyof Actions, new (...args: never[]) => Error]>([
  ['get', AxiosError],
  ['unreachable', AxiosError],
  ['failing', TypeError],
  ['mixed', RangeError],
])('the cause of the failure of %s is what was thrown', async (name, type) => {
  const { api } = await start();
  expect((await failureOf(api.users[name]())).cause).toBeInstanceOf(type);
});

test('debug headers of a failure tell what was sent', async () => {
  const { api } = await start();
  const { debugHeaders } = await failureOf(api.users.get());
  expect(debugHeaders).toMatchObject({
    'x-api-request-method': 'GET',
    'x-api-request-action': 'get',
  });
  expect(decodeURIComponent(debugHeaders['x-api-request-url'] ?? '')).toContain('/users/1');
});
