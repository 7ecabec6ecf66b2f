import { getGatewayControllers } from '../../../lib';
import type { AppErrorArgs } from '../../../lib';
import { createRecordingContext } from '../../fakes/recording-context';
import { startGateway } from '../../servers/start-gateway';

class OwnError extends Error {
  constructor(
    message?: string,
    readonly args: AppErrorArgs = {},
  ) {
    super(message);
  }

  static wrap(error: Error, args: AppErrorArgs = {}): OwnError {
    return Object.assign(new OwnError(error.message, args), { wrapped: error });
  }
}

const action = { method: 'GET', path: '/' };

test.each([
  [
    'no installation',
    { a: { endpoints: { i: {} }, actions: {} } },
    {},
    'EMPTY_GATEWAY_INSTALLATION',
  ],
  [
    'no env',
    { a: { endpoints: { i: {} }, actions: {} } },
    { installation: 'i' },
    'EMPTY_GATEWAY_ENV',
  ],
  ['a schema that is none', { a: null }, {}, 'INVALID_SCHEMA'],
  ['an action of no kind', { a: { actions: { b: {} } } }, {}, 'INVALID_ACTION'],
  [
    'an invalid validationSchema',
    { a: { actions: { b: { ...action, validationSchema: { type: 'no' } } } } },
    {},
    'INVALID_VALIDATION_SCHEMA',
  ],
  [
    'an endpoint that is none',
    { a: { endpoints: 'no', actions: { b: action } } },
    {},
    'INVALID_ENDPOINT',
  ],
  [
    'actions in another form',
    { a: { actions: { b: action } } },
    { actions: ['*'] },
    'INVALID_ACTIONS',
  ],
])('ErrorConstructor builds the error of %s', (_name, schema, config, code) => {
  const build = () =>
    getGatewayControllers({ root: schema } as never, { ErrorConstructor: OwnError, ...config });
  expect(build).toThrow(OwnError);
  let thrown: unknown;
  try {
    build();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ args: { code }, message: expect.stringMatching(/./) as string });
});

test('ErrorConstructor.wrap builds what is logged', async () => {
  const { ctx, all } = createRecordingContext();
  const gateway = await startGateway(
    { root: { users: { endpoints: 'http://127.0.0.1:1', actions: { get: action } } } } as never,
    {
      ErrorConstructor: OwnError,
      sendStats: () => {
        throw new Error('stats broke');
      },
    },
  );
  await (gateway.api as any).users.get({ ctx }).catch(() => undefined);
  const errors = all.flatMap((one) => one.errors).map(({ error }) => error);
  expect(errors).toHaveLength(2);
  for (const error of errors) expect(error).toBeInstanceOf(OwnError);
  expect(all[1]!.errors[0]).toMatchObject({ error: { args: { code: 'ECONNREFUSED' } } });
});
