import { getGatewayControllers } from '../../lib';
import { startGateway } from '../servers/start-gateway';

const ok = () => 'ok';
const actions = { list: ok, get: ok, _own: ok };
const schemas = {
  root: { users: { actions }, orders: { actions } },
  admin: { users: { actions }, rights: { actions } },
};
const ALL = Object.entries(schemas).flatMap(([scope, services]) => {
  return Object.keys(services).flatMap((service) =>
    Object.keys(actions).map((name) => `${scope}/${service}/${name}`),
  );
});

test.each<[string[] | undefined, string[]]>([
  [undefined, ALL.filter((path) => !path.includes('_'))],
  [[], []],
  [['root.users.list'], ['root/users/list']],
  [['admin.users.*'], ['admin/users/list', 'admin/users/get']],
  [['admin.*'], ['admin/users/list', 'admin/users/get', 'admin/rights/list', 'admin/rights/get']],
  [
    ['root.users.list', 'admin.rights.get', 'root.users.list'],
    ['root/users/list', 'admin/rights/get'],
  ],
  [['root.users._own'], []],
])('I2: actions %j are exactly those that the controller serves', async (allowed, served) => {
  const { post, api } = await startGateway(schemas, allowed ? { actions: allowed } : {});
  const answered: string[] = [];
  for (const path of ALL) {
    const { status } = await post(path);
    if (status === 200) answered.push(path);
    else expect(status).toBe(404);
  }
  expect(answered).toEqual(served);
  await expect(api.admin.users._own()).resolves.toMatchObject({ responseData: 'ok' });
});

test.each([
  ['*'],
  ['*.*'],
  ['*.*.*'],
  ['root'],
  ['root.users'],
  ['root.'],
  ['.*'],
  [''],
  ['root.*.*'],
  ['root.*.list'],
  ['*.users.list'],
  ['root.users.li*'],
  ['root.users.*.list'],
  ['root.user.*'],
  ['roo.*'],
  ['Root.*'],
  ['root.users.list '],
  ['root.users.list.more'],
  ['root.users.none'],
  ['nowhere.*'],
  ['users.list'],
  ['^root.*'],
  ['root.constructor.*'],
  ['__proto__.*'],
  [null],
  [1],
  [['root', 'users', 'list']],
  [/root/],
])('I2: an entry %j fails the build, which names it', (entry) => {
  const build = () =>
    getGatewayControllers(schemas, { actions: ['root.users.list', entry] as never });
  expect(build).toThrow(expect.objectContaining({ code: 'INVALID_ACTIONS' }));
  expect(build).toThrow(JSON.stringify(entry));
});

test.each([['root.*'], [{ root: true }], [null], [true]])(
  'I2: actions %j instead of a list fail the build',
  (list) => {
    const build = () => getGatewayControllers(schemas, { actions: list as never });
    expect(build).toThrow(expect.objectContaining({ code: 'INVALID_ACTIONS' }));
  },
);

describe('names with dots', () => {
  const dotted = {
    a: { 'b.c': { actions: { x: ok } }, b: { actions: { y: ok } } },
    'a.b': { c: { actions: { x: ok, z: ok } } },
  };

  test.each(['a.b.c.x', 'a.b.*', 'a.b.c.*'])(
    'I2: %s, which has two meanings, fails the build',
    (entry) => {
      expect(() => getGatewayControllers(dotted, { actions: [entry] })).toThrow(
        'more than one meaning',
      );
    },
  );

  test('I2: an entry with one meaning connects nothing of a name like it', async () => {
    const { post } = await startGateway(dotted, { actions: ['a.b.c.z', 'a.b.y'] });
    expect(await post('a.b/c/z')).toMatchObject({ status: 200 });
    expect(await post('a/b/y')).toMatchObject({ status: 200 });
    for (const path of ['a.b/c/x', 'a/b.c/x'])
      expect(await post(path)).toMatchObject({ status: 404 });
  });
});

test('changing the list after the build changes nothing', async () => {
  const list = ['root.users.list'];
  const { post } = await startGateway(schemas, { actions: list });
  list.push('admin.*');
  expect(await post('admin/users/list')).toMatchObject({ status: 404 });
});
