import type { ServiceDefinition } from '../../lib/schema/definitions';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

type Endpoints = ServiceDefinition['endpoints'];

const place = { installation: 'main', env: 'production' };
const action = { method: 'GET', path: '/path' } as const;

async function start(endpoints: Endpoints, endpoint?: unknown, config: object = place) {
  const actions = {
    get: { ...action, ...(endpoint !== undefined && { endpoint }) } as typeof action,
  };
  return startGateway({ root: { users: { endpoints, actions } } }, config);
}

test.each<[string, (url: string) => Endpoints]>([
  ['a string', (url) => url],
  ['an object with a path', (path) => ({ path })],
  ['an object with a path and options', (path) => ({ path, axiosConfig: { timeout: 5000 } })],
  ['a map of installations', (url) => ({ main: { production: { endpoint: url } } })],
  ['a map with extended endpoints', (path) => ({ main: { production: { endpoint: { path } } } })],
  ['an installation named path', (url) => ({ path: {}, main: { production: { endpoint: url } } })],
])('endpoints may be %s', async (_name, toEndpoints) => {
  const upstream = await startUpstream();
  const { api } = await start(toEndpoints(upstream.url));
  await api.users.get();
  expect(upstream.last.url).toBe('/path');
});

test.each([{}, { installation: 'other', env: 'other' }])(
  'one endpoint serves every installation and env: %j',
  async (config) => {
    const upstream = await startUpstream();
    const { api } = await start(upstream.url, undefined, config);
    await expect(api.users.get()).resolves.toMatchObject({ responseData: { ok: true } });
  },
);

test('installation and env choose among the maps', async () => {
  const [here, there] = [await startUpstream(), await startUpstream()];
  const endpoints = {
    main: { production: { endpoint: here.url }, testing: { endpoint: there.url } },
    other: { production: { endpoint: there.url } },
  };
  const { api } = await start(endpoints);
  await api.users.get();
  expect([here.requests.length, there.requests.length]).toEqual([1, 0]);
});

test('an action names another endpoint of its service', async () => {
  const upstream = await startUpstream();
  const { api } = await start({ main: { production: { reports: upstream.url } } }, 'reports');
  await api.users.get();
  expect(upstream.requests).toHaveLength(1);
});

test.each<[string, (endpoints: Record<string, string>, args: { of: string }) => unknown]>([
  ['a name of the map', (endpoints, { of }) => endpoints[of]],
  ['an extended endpoint', (endpoints, { of }) => ({ path: endpoints[of] })],
  ['a promise of one', (endpoints, { of }) => Promise.resolve(endpoints[of])],
])('a function of endpoints and args chooses %s', async (_name, endpoint) => {
  const [first, second] = [await startUpstream(), await startUpstream()];
  const endpoints = { main: { production: { first: first.url, second: second.url } } };
  const { api } = await start(endpoints, endpoint);
  await api.users.get({ args: { of: 'second' } } as never);
  expect([first.requests.length, second.requests.length]).toEqual([0, 1]);
});

test('a function that changes the endpoints it is given changes no other call', async () => {
  const upstream = await startUpstream();
  const endpoints = { main: { production: { endpoint: upstream.url } } };
  const takeOnce = (given: Record<string, unknown>) => {
    const { endpoint } = given;
    delete given['endpoint'];
    return endpoint;
  };
  const { api } = await start(endpoints, takeOnce);
  await api.users.get();
  await expect(api.users.get()).resolves.toBeDefined();
});

test.each<[string, Endpoints, unknown]>([
  ['no endpoints', undefined, undefined],
  ['none in this installation', { other: { production: { endpoint: 'http://a' } } }, undefined],
  ['none in this env', { main: { other: { endpoint: 'http://a' } } }, undefined],
  ['only other names', { main: { production: { other: 'http://a' } } }, undefined],
  ['a name that is not there', 'http://a', 'reports'],
  ['a name that objects inherit', { main: { production: {} } }, 'constructor'],
  ['the name of the prototype', { main: { production: {} } }, '__proto__'],
  ['an empty string', { main: { production: { endpoint: '' } } }, undefined],
  ['a function that finds none', 'http://a', () => undefined],
  ['a function that gives another type', 'http://a', () => 5],
  ['installations that objects inherit', {}, undefined],
])('with %s the call fails with ENDPOINT_NOT_FOUND', async (_name, endpoints, endpoint) => {
  const { api } = await start(endpoints, endpoint);
  await expect(api.users.get()).rejects.toMatchObject({
    error: { status: 400, code: 'ENDPOINT_NOT_FOUND' },
  });
});

test.each(['upstream', 'ftp://upstream', 'http://'])(
  'a function that chooses %j, which is no http URL, fails the call coded',
  async (endpoint) => {
    const { api } = await start('http://a', () => endpoint);
    await expect(api.users.get()).rejects.toMatchObject({
      error: { status: expect.any(Number), code: expect.any(String), message: expect.any(String) },
    });
  },
);

test('an action without an endpoint leaves the others working, over HTTP too', async () => {
  const upstream = await startUpstream();
  const { post } = await startGateway({
    root: {
      users: {
        endpoints: upstream.url,
        actions: { lost: { ...action, endpoint: 'nowhere' }, get: action },
      },
    },
  });
  expect(await post('users/lost')).toMatchObject({
    status: 400,
    json: { code: 'ENDPOINT_NOT_FOUND', message: 'Endpoint has not been found' },
  });
  expect((await post('users/get')).status).toBe(200);
});
