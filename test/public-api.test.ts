import * as publicApi from '../lib';

test('the package exports these values and no others', () => {
  expect(Object.keys(publicApi).sort()).toEqual([
    'AppError',
    'DEFAULT_VALIDATION_SCHEMA',
    'GatewayCallError',
    'GrpcReflection',
    'aggregate',
    'bearerAuth',
    'defineSchema',
    'delay',
    'fail',
    'gatewayPlugin',
    'getCachedReflectionRoot',
    'getGatewayControllers',
    'getReflectionRoot',
    'getTypedApiFactory',
    'grpc',
    'isRetryableGrpcError',
    'jwtAuth',
    'mixed',
    'optional',
    'proxy',
    'rateLimit',
    'required',
    'rest',
    'settle',
    'toFetchHandler',
  ]);
});

test('GrpcReflection has its two members', () => {
  expect(Object.keys(publicApi.GrpcReflection)).toEqual(['OnFirstRequest', 'OnEveryRequest']);
});

test.each([
  ['defineSchema', (schema: object) => publicApi.defineSchema(schema as never)],
  ['rest', (definition: object) => publicApi.rest()(definition as never)],
  ['grpc', (definition: object) => publicApi.grpc()(definition as never)],
])('%s gives back the very object', (_name, helper) => {
  const given = Object.freeze({});
  expect(helper(given)).toBe(given);
});

test('mixed leaves the function as it was', () => {
  const fn = Object.freeze(() => 1);
  expect(publicApi.mixed(fn, { timeout: 1 })).not.toBe(fn);
  expect(Reflect.ownKeys(fn)).toEqual(['length', 'name']);
});
