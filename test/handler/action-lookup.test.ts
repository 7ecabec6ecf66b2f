import { startGateway } from '../servers/start-gateway';

const hello = () => 'hello';
const INHERITED = [
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__',
  'valueOf',
  'prototype',
];
const OF_FUNCTIONS = ['call', 'apply', 'bind', 'name', 'length', 'caller', 'arguments'];

test.each([...INHERITED, ...OF_FUNCTIONS])(
  'I1: %s is no scope, service or action of its own',
  async (name) => {
    const { post } = await startGateway({ root: { s: { actions: { hello } } } });
    for (const path of [`s/${name}`, `${name}/hello`, `${name}/s/hello`, `root/${name}/${name}`]) {
      expect(await post(path)).toMatchObject({ status: 404, json: { status: 404 } });
    }
  },
);

test.each(INHERITED)('I1: %s is a name like any other where the schema has it', async (name) => {
  const own = (value: unknown) => Object.fromEntries([[name, value]]) as Record<string, any>;
  const service = { actions: { ...own(hello), hello } };
  const { post } = await startGateway({ root: own(service), ...own(own(service)) } as never);
  for (const path of [`${name}/hello`, `${name}/${name}/hello`]) {
    expect(await post(path)).toMatchObject({ status: 200, json: 'hello' });
  }
  const isPrivate = name.startsWith('_');
  expect(await post(`${name}/${name}`)).toMatchObject({ status: isPrivate ? 404 : 200 });
  expect(await post(`${name}/toLocaleString`)).toMatchObject({ status: 404 });
});

test('I1: services and actions that the api merges stay apart in the controller', async () => {
  const schemas = {
    root: { team: { actions: { list: () => 'root list' } } },
    team: { list: { actions: { get: () => 'team list get' } } },
  };
  const { post, api } = await startGateway(schemas);
  await expect(api.team.list.get()).resolves.toMatchObject({ responseData: 'team list get' });
  expect(await post('team/list')).toMatchObject({ json: 'root list' });
  expect(await post('team/list/get')).toMatchObject({ json: 'team list get' });
  for (const path of ['team/get', 'list/get', 'root/list/get', 'team/team/list', 'root/team/get']) {
    expect(await post(path)).toMatchObject({ status: 404 });
  }
});

describe.each([4, 5] as const)('I2: a private action, with Express %d,', (express) => {
  test.each(
    [
      's/_hello',
      'root/s/_hello',
      's/%5fhello',
      'root/s/%5Fhello',
      's/%255Fhello',
      's/_hello/',
      's/_hello?a=1',
      's/%5f%68ello',
      's/_hello%00',
      's/ _hello',
    ].map((path) => path.replace(' ', '%20')),
  )('is 404 as %s', async (path) => {
    const ran: string[] = [];
    const actions = { _hello: () => void ran.push('private') };
    const { post, get, api } = await startGateway({ root: { s: { actions } } }, {}, { express });
    expect(await post(path)).toMatchObject({ status: 404 });
    expect(await get(path)).toMatchObject({ status: 404 });
    expect(ran).toEqual([]);
    await api.s._hello();
    expect(ran).toEqual(['private']);
  });
});

test('names are exact: case, spaces and Unicode forms count', async () => {
  const { post } = await startGateway({ root: { s: { actions: { café: hello, hello } } } });
  expect(await post(`s/${encodeURIComponent('café')}`)).toMatchObject({ status: 200 });
  for (const name of ['Hello', 'hello ', 'café'.normalize('NFD'), 'hello\0']) {
    expect(await post(`s/${encodeURIComponent(name)}`)).toMatchObject({ status: 404 });
  }
  expect(await post('S/hello')).toMatchObject({ status: 404, json: { code: 'UNKNOWN_SERVICE' } });
});

test('route params of any shape find nothing rather than fail', async () => {
  const { gateway, app, send, server } = await startGateway({
    root: { s: { actions: { hello } } },
  });
  expect(server.listening).toBe(true);
  for (const params of [
    {},
    { service: ['s'], action: ['hello'] },
    { service: 's', action: { a: 1 } },
  ]) {
    app.post('/gateway/odd', ((req: any, res: any) => {
      Object.defineProperty(req, 'params', { value: params });
      return gateway.controller(req, res);
    }) as never);
    expect(await send('POST', 'odd')).toMatchObject({ status: 404 });
    (app as any).router.stack.pop();
  }
});
