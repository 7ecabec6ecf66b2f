import { getGatewayControllers } from '../../lib';
import { startGateway } from '../../test/servers/start-gateway';
import { checkLeaks } from './check-leaks';
import { promise, promiseOnce } from './promise';

checkLeaks();

const hello = () => 'hello';
const INHERITED = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'];
const OF_FUNCTIONS = ['call', 'apply', 'bind', 'name', 'length', 'prototype', 'caller'];
const HOOKS = ['onBeforeAction', 'onRequestSuccess', 'onRequestFailed', 'getAuthArgs', 'sendStats'];

/** Every hook of the controller notes that it ran. */
function notingHooks(ran: string[]) {
  const note = (name: string) => (): any => void ran.push(name);
  return Object.fromEntries([...HOOKS, 'withDebugHeaders'].map((name) => [name, note(name)]));
}

promise(
  'I1',
  'Scope, service and action are found by their own names only; anything else is 404 before any hook runs.',
  (express) => {
    test.each([...INHERITED, ...OF_FUNCTIONS])('%s', async (name) => {
      const ran: string[] = [];
      const schemas = { root: { s: { actions: { hello } } }, admin: { t: { actions: { hello } } } };
      const { post, get } = await startGateway(schemas, notingHooks(ran), { express });
      const encoded = name.replace(/./, (c) => `%${c.charCodeAt(0).toString(16)}`);
      for (const word of [name, encoded]) {
        for (const path of [`s/${word}`, `${word}/hello`, `${word}/s/hello`, `admin/t/${word}`]) {
          for (const send of [post, get]) {
            expect(await send(path)).toMatchObject({ status: 404, json: { status: 404 } });
          }
        }
      }
      expect(ran).toEqual([]);
    });

    test.each(INHERITED)('%s is a name like any other where the schema has it', async (name) => {
      const own = (value: unknown) => Object.fromEntries([[name, value]]) as Record<string, any>;
      const schemas = { root: own({ actions: { hello } }), ...own(own({ actions: { hello } })) };
      const { post } = await startGateway(schemas, {}, { express });
      for (const path of [`${name}/hello`, `${name}/${name}/hello`]) {
        expect(await post(path)).toMatchObject({ status: 200, json: 'hello' });
      }
    });
  },
);

promise('I1', 'Members of functions and of merged root services are not actions.', (express) => {
  const tell = (text: string) => () => text;
  const schemas = {
    root: { team: { actions: { list: tell('root.team.list'), pay: tell('root.team.pay') } } },
    team: { list: { actions: { get: tell('team.list.get') } } },
  };

  test('what the api merges stays apart in the controller', async () => {
    const { post, api } = await startGateway(schemas, {}, { express });
    await expect(api.team.list.get()).resolves.toMatchObject({ responseData: 'team.list.get' });
    await expect(api.team.list()).resolves.toMatchObject({ responseData: 'root.team.list' });
    expect(await post('team/list')).toMatchObject({ json: 'root.team.list' });
    expect(await post('team/list/get')).toMatchObject({ json: 'team.list.get' });
    for (const path of ['team/get', 'list/get', 'root/list/get', 'team/team/list', 'team/team/pay'])
      expect(await post(path)).toMatchObject({ status: 404 });
  });

  test.each(OF_FUNCTIONS)('%s of an action', async (member) => {
    const { post } = await startGateway(schemas, {}, { express });
    for (const path of [`team/list/${member}`, `team/pay/${member}`, `root/team/${member}`]) {
      expect(await post(path)).toMatchObject({ status: 404 });
    }
  });
});

const actions = { list: hello, get: hello, _own: hello };
const schemas = {
  root: { users: { actions }, orders: { actions } },
  admin: { users: { actions } },
};
const PATHS = Object.entries(schemas).flatMap(([scope, services]) =>
  Object.keys(services).flatMap((service) =>
    Object.keys(actions).map((name) => `${scope}/${service}/${name}`),
  ),
);

promise(
  'I2',
  'The option `actions` is an exact set: the controller serves what it lists and nothing more, nothing for an empty list.',
  (express) => {
    test.each<[string[], string[]]>([
      [[], []],
      [['root.users.list'], ['root/users/list']],
      [['admin.users.*'], ['admin/users/list', 'admin/users/get']],
      [['admin.*'], ['admin/users/list', 'admin/users/get']],
      [
        ['root.orders.get', 'admin.users.get'],
        ['root/orders/get', 'admin/users/get'],
      ],
      [['root.users._own'], []],
    ])('%j', async (allowed, served) => {
      const { post, api } = await startGateway(schemas, { actions: allowed }, { express });
      const answered: string[] = [];
      for (const path of PATHS) {
        const { status } = await post(path);
        if (status === 200) answered.push(path);
        else expect(status).toBe(404);
      }
      expect(answered).toEqual(served);
      await expect(api.orders.list()).resolves.toMatchObject({ responseData: 'hello' });
    });

    test('a list that grows after the build allows nothing more', async () => {
      const list = ['root.users.list'];
      const { post } = await startGateway(schemas, { actions: list }, { express });
      list.push('admin.*');
      expect(await post('admin/users/list')).toMatchObject({ status: 404 });
    });
  },
);

promiseOnce('I2', 'A pattern in `actions` that is partial or odd fails the build.', () => {
  const entries = [
    ...['*', '*.*', '*.*.*', 'root', 'root.users', 'root.', '.*', '', 'root.*.*', 'root.*.list'],
    ...['*.users.list', 'root.users.li*', 'root.users.*.list', 'root.user.*', 'roo.*', 'Root.*'],
    ...['root.users.list ', 'users.list', '^root.*', 'root.users.none', 'nowhere.*', '__proto__.*'],
    ...['root.constructor.*', 'root.users.constructor', 'root.users.list.call', null, 1, /root/],
  ];

  test.each(entries.map((entry) => [entry]))('%j', (entry) => {
    const build = (list: unknown) => () =>
      getGatewayControllers(schemas, { actions: list as string[] });
    const code = expect.objectContaining({ code: 'INVALID_ACTIONS' });
    expect(build([entry])).toThrow(code);
    expect(build(['root.users.list', entry])).toThrow(code);
    if (entry !== null) expect(build(entry)).toThrow(code);
  });
});

promise('I2', 'A private action is 404 on every form of route, encoded too.', (express) => {
  test.each([
    ...['s/_hello', 'root/s/_hello', 's/%5fhello', 'root/s/%5Fhello', 's/%5f%68%65llo'],
    ...['s/%255Fhello', 's/_hello/', 's/_hello?a=1', 's/_hello%00', 's/%20_hello', 's/_HELLO'],
  ])('%s', async (path) => {
    const ran: string[] = [];
    const _hello = () => void ran.push('private');
    const config = { actions: ['root.*'] };
    const gateway = await startGateway({ root: { s: { actions: { _hello } } } }, config, {
      express,
    });
    expect(await gateway.post(path)).toMatchObject({ status: 404 });
    expect(await gateway.get(path)).toMatchObject({ status: 404 });
    expect(ran).toEqual([]);
    await gateway.api.s._hello();
    expect(ran).toEqual(['private']);
  });
});
