import { getGatewayControllers, mixed } from '../../lib';
import type { SchemasByScope } from '../../lib';
import { startGateway } from '../servers/start-gateway';

const get = { method: 'GET', path: '/' } as const;
const place = { installation: 'main', env: 'production' };

/** What a build tells to its logger, and whether `strict` refuses it. */
function readWarnings(service: object, config: object = {}) {
  const warn = jest.fn<undefined, [object, string?]>();
  const logger = { debug: warn, info: warn, warn, error: warn };
  const schemas = { shop: { users: service } } as unknown as SchemasByScope;
  const build = (strict: boolean) =>
    getGatewayControllers(schemas, { ...place, logger, ...config, strict });
  build(false);
  const warnings = warn.mock.calls;
  if (warnings.length > 0) {
    expect(() => build(true)).toThrow(expect.objectContaining({ code: 'STRICT_WARNING' }));
  }
  return warnings.map(([entry, message]) => {
    expect(entry).toEqual({ code: 'BUILD_WARNING' });
    return message;
  });
}

function withAction(definition: unknown, more: object = {}) {
  return { endpoints: 'http://a', actions: { get: definition }, ...more };
}

const action = 'Action shop.users.get: unknown field';
const fields: [string, object, object, string][] = [
  ['an action', withAction({ ...get, retrys: 3 }), {}, `${action} "retrys", did you mean retries?`],
  ['an action', withAction({ ...get, timout: 1 }), {}, `${action} "timout", did you mean timeout?`],
  ['an action', withAction({ ...get, cacheKey: 1 }), {}, `${action} "cacheKey"`],
  [
    'the options of a function',
    withAction(mixed(() => 1, { retries: 1 } as object)),
    {},
    `${action} "retries"`,
  ],
  [
    'a service',
    withAction(get, { getAuthHeader: 1 }),
    {},
    'Service shop.users: unknown field "getAuthHeader", did you mean getAuthHeaders?',
  ],
  ['the config', withAction(get), { retries: 3 }, 'config: unknown field "retries"'],
  [
    'the limits',
    withAction(get),
    { limits: { queu: 3 } },
    'config.limits: unknown field "queu", did you mean queue?',
  ],
];
test.each(fields)(
  'G6: a field that %s does not have is a warning',
  (_name, service, config, text) => {
    expect(readWarnings(service, config)).toEqual([text]);
  },
);

test('fields that are known warn of nothing', () => {
  const definition = { ...get, timeout: 1, retries: 1, metadata: { any: 1 }, idempotency: true };
  const service = withAction(definition, { serviceName: 'people', getAuthArgs: () => 1 });
  expect(readWarnings(service, { timeout: 5, actions: ['shop.*'] })).toEqual([]);
});

const map = (endpoint: object) => ({ main: { production: endpoint } });
const missing: [string, object, string][] = [
  [
    'the default one',
    withAction(get, { endpoints: map({}) }),
    'no endpoint "endpoint" in installation main, env production',
  ],
  [
    'one named by the action',
    withAction({ ...get, endpoint: 'reports' }, { endpoints: map({ endpoint: 'http://a' }) }),
    'no endpoint "reports" in installation main, env production',
  ],
];
test.each(missing)(
  'G6: an endpoint that is not there, %s, is a warning',
  (_name, service, text) => {
    expect(readWarnings(service)).toEqual([`Action shop.users.get: Service users: ${text}`]);
  },
);

test.each(missing)(
  'a call that finds no endpoint, %s, says which',
  async (_name, service, text) => {
    const schemas = { shop: { users: service } } as unknown as SchemasByScope;
    const { post } = await startGateway(schemas, place);
    const { json } = await post('shop/users/get');
    expect(json).toMatchObject({
      status: 400,
      code: 'ENDPOINT_NOT_FOUND',
      message: 'Endpoint has not been found',
      details: { description: `Service users: ${text}` },
    });
  },
);

test('an endpoint that a function chooses is not known before a call', () => {
  expect(readWarnings(withAction({ ...get, endpoint: () => undefined }))).toEqual([]);
});
