import { AppError, getGatewayControllers } from '../../lib';
import type { SchemasByScope } from '../../lib';
import type { GatewayConfig } from '../../lib';

const place = { installation: 'main', env: 'production' };
const get = { method: 'GET', path: '/path' } as const;

function buildError(schemas: unknown, config: GatewayConfig = place) {
  try {
    getGatewayControllers(schemas as SchemasByScope, config);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('the gateway was built');
}

function withEndpoints(endpoints: unknown) {
  return { billing: { users: { actions: {}, endpoints } } };
}

/** The definition as action `get` of service `users` in scope `billing`. */
function actionError(definition: unknown, service: object = {}, config: GatewayConfig = place) {
  const users = { actions: { get: definition }, ...service };
  return buildError({ root: {}, billing: { users } }, config);
}

test.each<[string, unknown, string]>([
  ['schemas that are missing', undefined, 'scope'],
  ['schemas that are null', null, 'scope'],
  ['schemas that are a list', [], 'scope'],
  ['a scope that is null', { billing: null }, 'billing'],
  ['a scope that is a text', { billing: 'users' }, 'billing'],
  ['a service that is null', { billing: { users: null } }, 'billing.users'],
  ['a service that is a function', { billing: { users: () => 1 } }, 'billing.users'],
  ['a service without actions', { billing: { users: {} } }, 'billing.users'],
  ['actions that are a list', { billing: { users: { actions: [] } } }, 'billing.users'],
  ['endpoints by name only', withEndpoints({ endpoint: 'http://a' }), 'billing.users.endpoint'],
  ['endpoints without envs', withEndpoints({ main: { endpoint: 'http://a' } }), 'main.endpoint'],
  ['endpoints that are null', withEndpoints(null), 'billing.users'],
  ['endpoints that are a number', withEndpoints(5), 'billing.users'],
  ['endpoints that are a list', withEndpoints(['a']), 'billing.users'],
])('G6: %s fail the build', (_name, schemas, place) => {
  const error = buildError(schemas);
  expect(error).toBeInstanceOf(AppError);
  expect(error.code).toBe('INVALID_SCHEMA');
  expect(error.message).toContain(place);
  expect(error.message.toLowerCase()).toContain('expected');
});

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a text', 'GET /users'],
  ['an empty object', {}],
  ['a list', []],
  ['no path', { method: 'GET' }],
  ['a path that is a number', { ...get, path: 5 }],
  ['no method', { path: '/' }],
  ['an unknown method', { ...get, method: 'FETCH' }],
  ['a method that is a list', { ...get, method: ['GET'] }],
])('G6: an action that is or has %s fails the build', (_name, definition) => {
  const error = actionError(definition);
  expect(error).toBeInstanceOf(AppError);
  expect(error.code).toBe('INVALID_ACTION');
  expect(error.message).toContain('billing.users.get');
  expect(error.message).toContain('expected a function, {method, path, ...}');
});

test.each<[string, unknown, string]>([
  ['an unknown method', { ...get, method: 'TRACE' }, 'its method is none of GET, POST'],
  ['no method', { path: '/' }, 'its method is none of GET, POST'],
  ['no path', { method: 'GET' }, 'its path is neither a string nor a function'],
  ['a path that is a number', { ...get, path: 5 }, 'its path is neither a string nor a function'],
])('G6: the error of an action with %s says which field is wrong', (_name, definition, text) => {
  expect(actionError(definition).message).toContain(text);
});

test.each<[string, unknown]>([
  ['a schema', { users: { actions: { get } } }],
  ['a schema with endpoints', { users: { endpoints: 'http://a', actions: { get } } }],
])('G6: %s without a scope is told that schemas are by scope', (_name, schemas) => {
  expect(buildError(schemas).message).toContain('schemas are by scope: {scope: {service: ');
});

test.each<[string, unknown]>([
  ['{url}', { url: 'http://a' }],
  ['{installation: URL}', { main: 'http://a' }],
  ['{installation: {env: URL}}', { main: { production: 'http://a' } }],
  ['a number', 5],
])('G6: endpoints as %s are told the three forms', (_name, endpoints) => {
  const { message } = buildError(withEndpoints(endpoints));
  expect(message).toContain('a URL, {path: URL} or {installation: {env: {name: endpoint}}}');
});

test.each<[string, unknown]>([
  ['no URL', 'upstream'],
  ['a host without a scheme', 'upstream:80'],
  ['another scheme', 'ftp://upstream'],
  ['a file', 'file:///etc/hosts'],
  ['a path only', '/path'],
  ['an extended endpoint that is no URL', { path: 'upstream' }],
])('G6: an endpoint that is %s fails the build', (_name, endpoint) => {
  const error = actionError(get, { endpoints: { main: { production: { endpoint } } } });
  expect(error).toBeInstanceOf(AppError);
  expect(error.code).toBe('INVALID_ENDPOINT');
  expect(error.message).toContain('billing.users.get');
  expect(error.message).toContain('http or https');
});

test.each<[string, unknown]>([
  ['a number', 5],
  ['a list', ['http://upstream']],
  ['an object without a path', { axiosConfig: {} }],
  ['an extended endpoint with a path of another type', { path: 5 }],
])('G6: an endpoint that is %s fails the build', (_name, endpoint) => {
  const error = actionError(get, { endpoints: { main: { production: { endpoint } } } });
  expect(error).toBeInstanceOf(AppError);
  expect(error.code).toBe('INVALID_ENDPOINT');
  expect(error.message).toContain('billing.users.get');
  expect(error.message).toContain('neither a string nor an object with a path');
});

test('an endpoint in an error is shown without what is secret in it', () => {
  const error = actionError(get, { endpoints: 'ftp://user:secret@upstream/path?token=secret' });
  expect(error.message).toContain('ftp://');
  expect(error.message).not.toContain('secret');
});

test.each<[string, object]>([
  ['of another type', { type: 'strnig' }],
  ['with a keyword that does not exist', { type: 'object', requierd: ['id'] }],
  ['with a pattern that does not compile', { properties: { id: { pattern: '(' } } }],
  ['with a reference to nowhere', { $ref: '#/definitions/user' }],
])('G6: a validationSchema %s fails the build', (_name, validationSchema) => {
  const mixedAction = { actions: { get } };
  for (const error of [
    actionError({ ...get, validationSchema }),
    buildError({ billing: { users: mixedAction } }, { ...place, validationSchema }),
  ]) {
    expect(error.code).toBe('INVALID_VALIDATION_SCHEMA');
    expect(error.message).toContain('billing.users.get');
    expect(error.message).toContain('validationSchema');
  }
});

test.each(['', '*', 'billing', 'billing.', '*.*', 'billing.users', 'billing.users.g*', 'other.*'])(
  'G6: the entry %j of config.actions fails the build',
  (entry) => {
    const error = actionError(get, {}, { ...place, actions: ['billing.*', entry] });
    expect(error.code).toBe('INVALID_ACTIONS');
    expect(error.message).toContain(JSON.stringify(entry));
    expect(error.message).toContain('scope.service.action');
  },
);

test('G6: a warning is an error with strict', () => {
  const validationSchema = { properties: { id: { pattern: '^(a+)+$' } } };
  const error = actionError({ ...get, validationSchema }, {}, { ...place, strict: true });
  expect(error.code).toBe('STRICT_WARNING');
  expect(error.message).toContain('billing.users.get');
});

test('build errors are made by the ErrorConstructor of the config', () => {
  class OwnError extends AppError {}
  const ErrorConstructor = OwnError;
  for (const error of [
    buildError({ billing: null }, { ...place, ErrorConstructor }),
    actionError({}, {}, { ...place, ErrorConstructor }),
    actionError(get, {}, { ...place, ErrorConstructor, actions: ['*'] }),
    actionError(get, { endpoints: { main: {} } }, { ErrorConstructor }),
  ]) {
    expect(error).toBeInstanceOf(OwnError);
  }
});
