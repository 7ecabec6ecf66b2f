import { AppError, getGatewayControllers, grpc, mixed, rest } from '../../lib';
import { defineSchema } from '../../lib';
import type { GatewayConfig, SchemasByScope } from '../../lib';

class OwnError extends AppError {}

function build(definition: unknown, config: object | null = {}, endpoints: unknown = 'http://a') {
  const schemas = { shop: { users: { endpoints, actions: { get: definition } } } };
  const all = config && { ErrorConstructor: OwnError, ...config };
  return getGatewayControllers(schemas as SchemasByScope, all as GatewayConfig);
}

function buildError(...given: Parameters<typeof build>) {
  try {
    build(...given);
  } catch (error) {
    expect(error).toBeInstanceOf(OwnError);
    return error as OwnError;
  }
  throw new Error('the gateway was built');
}

const get = { method: 'GET', path: '/' } as const;
const unary = { protoKey: 'a.B', action: 'Get', protoPath: 'a.proto' };

test.each<[string, object]>([
  ['config.timeout', { timeout: '2s' }],
  ['config.timeout', { timeout: NaN }],
  ['config.timeout', { timeout: -1 }],
  ['config.totalTimeout', { totalTimeout: '1' }],
  ['config.retryWrites', { retryWrites: true }],
  ['config.forwardedHeaders', { forwardedHeaders: 'none' }],
  ['config.jsonFormat', { jsonFormat: 'proto' }],
  ['config.axiosConfig.timeout', { axiosConfig: { timeout: '2s' } }],
  ['config.limits.upstreamSockets', { limits: { upstreamSockets: 0 } }],
  ['config.limits.queue', { limits: { queue: '10' } }],
  ['config.limits.redirects', { limits: { redirects: 1.5 } }],
  ['config.limits.retryRatio', { limits: { retryRatio: -0.1 } }],
])('G6: %s of %j fails the build', (place, config) => {
  const error = buildError(get, config);
  expect(error.code).toBe('INVALID_CONFIG');
  expect(error.message).toContain(`${place} is `);
  expect(error.message).toContain('expected');
});

test.each<[string, unknown]>([
  ['timeout', { ...get, timeout: -5 }],
  ['timeout', { ...get, timeout: '2s' }],
  ['totalTimeout', { ...get, totalTimeout: NaN }],
  ['retries', { ...get, retries: 1.5 }],
  ['retries', { ...get, retries: '3' }],
  ['maxRedirects', { ...get, maxRedirects: -1 }],
  ['jsonFormat', { ...unary, jsonFormat: 'proto' }],
  ['type', { ...unary, type: 'serverstream' }],
  ['timeout', mixed(() => 1, { timeout: '2s' as never })],
])('G6: an action whose %s is out of range fails the build', (name, definition) => {
  const error = buildError(definition);
  expect(error.code).toBe('INVALID_ACTION');
  expect(error.message).toContain(`Action shop.users.get: ${name} is `);
});

test('G6: a timeout of an endpoint that is no number fails the build', () => {
  const error = buildError(get, {}, { path: 'http://a', axiosConfig: { timeout: '2s' } });
  expect(error.code).toBe('INVALID_ENDPOINT');
  expect(error.message).toContain('shop.users.get: axiosConfig.timeout of its endpoint is "2s"');
});

test.each<[string, unknown, object | null]>([
  ['no timeout as 0', { ...get, timeout: 0 }, { timeout: 0 }],
  ['no timeout as Infinity', { ...get, timeout: Infinity }, { axiosConfig: { timeout: 0 } }],
  ['no queue', get, { limits: { queue: 0, upstreamSockets: Infinity } }],
  [
    'options that are null or undefined',
    { ...get, retries: null },
    { timeout: null, limits: null },
  ],
  ['a config that is null', get, null],
])('%s is admitted', (_name, definition, config) => {
  expect(build(definition, config).controller).toBeInstanceOf(Function);
});

test.each<[string, unknown]>([
  ['rest', rest],
  ['rest<Response, Args>()', rest<object, object>()],
  ['grpc', grpc],
  ['grpc<Response, Args>()', grpc<object, object>()],
  ['mixed', mixed],
  ['defineSchema', defineSchema],
])('G6: %s without its last call fails the build', (_name, definition) => {
  const error = buildError(definition);
  expect(error.code).toBe('INVALID_ACTION');
  expect(error.message).toContain('shop.users.get is a helper that is not called to its end');
});
