import { getGatewayControllers, mixed } from '../../../lib';
import { startGateway } from '../../servers/start-gateway';

const silent = { info: () => 0, warn: () => 0, error: () => 0 };

function build(validationSchema: unknown, config = {}) {
  const get = mixed(() => 'ok', { validationSchema: validationSchema as object });
  return getGatewayControllers({ root: { users: { actions: { get } } } }, config);
}

test.each([
  ['an unknown type', { type: 'strnig' }],
  ['a misspelt keyword', { type: 'object', propertys: {} }],
  ['a keyword of the wrong type', { required: 'id' }],
  [
    'a pattern that is no regular expression',
    { properties: { a: { type: 'string', pattern: '(' } } },
  ],
  ['a reference to nothing', { $ref: '#/definitions/none' }],
  ['an asynchronous schema', { $async: true, type: 'object' }],
])('G6, I6: %s fails the build, which names the action', (_name, schema) => {
  const expected = {
    code: 'INVALID_VALIDATION_SCHEMA',
    message: expect.stringContaining('root.users.get'),
  };
  expect(() => build(schema)).toThrow(expect.objectContaining(expected));
  expect(() =>
    getGatewayControllers(
      { root: { users: { actions: { get: () => 'ok' } } } },
      { validationSchema: schema },
    ),
  ).toThrow(expect.objectContaining(expected));
});

test('I6: a schema is compiled when the gateway is built: what becomes of it later counts for nothing', async () => {
  const validationSchema: { type: string; required?: string[] } = {
    type: 'object',
    required: ['id'],
  };
  const { api } = build(validationSchema);
  delete validationSchema.required;
  await expect(api.users.get({ args: {} })).rejects.toMatchObject({
    error: { code: 'INVALID_PARAMS' },
  });
  await expect(api.users.get({ args: { id: 1 } })).resolves.toMatchObject({
    responseData: 'ok',
  });
});

test('one schema, or one $id, may serve several actions', () => {
  const shared = { $id: 'shared', type: 'object' };
  const same = { $id: 'shared', type: 'object', required: ['id'] };
  const actions = Object.fromEntries(
    [shared, shared, same].map((validationSchema, i) => [
      `a${i}`,
      mixed(() => i, { validationSchema }),
    ]),
  );
  expect(() => getGatewayControllers({ root: { users: { actions } } })).not.toThrow();
});

test('the schema of the action stands in place of the schema of the config', async () => {
  const needs = (name: string) => ({ type: 'object', required: [name] });
  const own = mixed(() => 'ok', { validationSchema: needs('own') });
  const { api } = await startGateway(
    { root: { s: { actions: { own, other: () => 'ok' } } } },
    { validationSchema: needs('general') },
  );
  const outcome = async (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (e: any) => e.error.code as string,
    );
  expect(await outcome(api.s.own({ args: { own: 1 } }))).toBe('ok');
  expect(await outcome(api.s.own({ args: { general: 1 } }))).toBe('INVALID_PARAMS');
  expect(await outcome(api.s.other({ args: { general: 1 } }))).toBe('ok');
  expect(await outcome(api.s.other({ args: { own: 1 } }))).toBe('INVALID_PARAMS');
});

test.each([
  '(a+)+',
  '(a*)*',
  '([a-z]+)*$',
  '(?:x+y?){2,}',
  '((a+)b)+',
  '(?<n>a+)+?',
  '^(\\w+\\s?)+$',
  '(a{1,})+',
])('I6: the nested quantifiers of %s are told to the logger', (pattern) => {
  const warnings: string[] = [];
  const logger = {
    ...silent,
    warn: (_extra: unknown, message: string) => void warnings.push(message),
  };
  const schemas = [
    { properties: { a: { items: { type: 'string', pattern } } } },
    { definitions: { a: { type: 'string', pattern } } },
    { patternProperties: { [pattern]: {} } },
  ];
  for (const schema of schemas) {
    warnings.length = 0;
    build(schema, { logger });
    expect(warnings).toEqual([expect.stringContaining('root.users.get')]);
    expect(warnings[0]).toContain(pattern);
  }
  expect(() => build(schemas[0], { logger, strict: true })).toThrow('root.users.get');
  expect(() => build(schemas[0])).not.toThrow();
});

test.each([
  'a+',
  '(a+)',
  '(a+)?',
  '(ab)+',
  '(a{2})+',
  '\\(a+\\)+',
  '[(a+)+]',
  '(a|b)*',
  '^[^/]*$',
  '(a\\+)+',
])('I6: %s has no nested quantifiers and is not told', (pattern) => {
  const warn = jest.fn();
  build(
    { properties: { a: { type: 'string', pattern } } },
    { logger: { ...silent, warn }, strict: true },
  );
  expect(warn).not.toHaveBeenCalled();
});
