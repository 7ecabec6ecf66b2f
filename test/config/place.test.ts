import { getGatewayControllers } from '../../lib';
import type { GatewayConfig } from '../../lib';
import { startGateway } from '../servers/start-gateway';
import { startUpstream } from '../servers/start-upstream';

const get = { method: 'GET', path: '/path' } as const;
const NAMES = ['APP_INSTALLATION', 'APP_ENV'] as const;
const before = NAMES.map((name) => process.env[name]);

function setPlace(...values: (string | undefined)[]): void {
  NAMES.forEach((name, index) => {
    const value = values[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  });
}

beforeEach(() => setPlace());
afterAll(() => setPlace(...before));

function mapped(url: string) {
  return { users: { endpoints: { main: { production: { endpoint: url } } }, actions: { get } } };
}

test.each<[GatewayConfig, string[]]>([
  [{ installation: 'main', env: 'production' }, []],
  [{}, ['main', 'production']],
  [{ env: 'production' }, ['main', 'testing']],
  [{ installation: 'main' }, ['other', 'production']],
])('the config %j is completed from the environment %j', async (config, environment) => {
  setPlace(...environment);
  const upstream = await startUpstream();
  const { api } = await startGateway({ root: mapped(upstream.url) }, config);
  await expect(api.users.get()).resolves.toMatchObject({ responseData: { ok: true } });
});

test.each<[GatewayConfig, string[], string]>([
  [{}, [], 'INSTALLATION'],
  [{ env: 'production' }, [], 'INSTALLATION'],
  [{ installation: '' }, ['', 'production'], 'INSTALLATION'],
  [{ installation: 'main' }, [], 'ENV'],
  [{}, ['main'], 'ENV'],
  [{ env: '' }, ['main', ''], 'ENV'],
])(
  'the config %j and the environment %j: building fails with EMPTY_GATEWAY_%s',
  (config, environment, name) => {
    setPlace(...environment);
    const build = () =>
      getGatewayControllers({ root: {}, billing: mapped('http://upstream') }, config);
    const option = name === 'ENV' ? 'config.env' : 'config.installation';
    expect(build).toThrow(
      expect.objectContaining({
        code: `EMPTY_GATEWAY_${name}`,
        message: expect.stringMatching(new RegExp(`${option} .*APP_${name} `)),
      }),
    );
  },
);

test('the error names the service that has the installation map', () => {
  const schemas = { root: {}, billing: mapped('http://upstream') };
  expect(() => getGatewayControllers(schemas)).toThrow(/billing\.users/);
});

test.each<[string, object]>([
  ['no services', {}],
  ['no endpoints', { users: { actions: { get } } }],
  ['one endpoint', { users: { endpoints: 'http://upstream', actions: { get } } }],
  [
    'one extended endpoint',
    { users: { endpoints: { path: 'http://upstream' }, actions: { get } } },
  ],
])('a place is not needed for %s', (_name, root) => {
  expect(() => getGatewayControllers({ root: root as never })).not.toThrow();
});
