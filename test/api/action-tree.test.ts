import { startGateway } from '../servers/start-gateway';

type Tree = any;

/** Functions as actions: each tells which it is. */
function tell(name: string) {
  return () => Promise.resolve(name);
}

async function told(action: (call?: object) => Promise<{ responseData: unknown }>) {
  return (await action({})).responseData;
}

/** The api as callers have it, and as a mixed action has it: both take nothing and tell a name. */
async function bothApis(schemas: Record<string, unknown>) {
  let inner: Tree;
  const probe = (api: Tree) => {
    inner = api;
    return Promise.resolve();
  };
  const { api } = await startGateway({
    ...schemas,
    probe: { probe: { actions: { probe } } },
  } as Tree);
  await (api as Tree).probe.probe.probe();
  return [
    ['api', api as Tree, told],
    ['context api', inner, (action: (args?: object) => Promise<unknown>) => action({})],
  ] as const;
}

const root = {
  users: { actions: { get: tell('root.users.get') } },
  billing: { actions: { pay: tell('root.billing.pay'), invoices: tell('root.billing.invoices') } },
};
const billing = {
  invoices: {
    actions: { list: tell('billing.invoices.list'), name: tell('billing.invoices.name') },
  },
  users: { actions: { get: tell('billing.users.get') } },
};

test('services are reached by scope, those of root directly too', async () => {
  for (const [name, api, call] of await bothApis({ root, billing })) {
    expect([name, await call(api.root.users.get)]).toEqual([name, 'root.users.get']);
    expect([name, await call(api.users.get)]).toEqual([name, 'root.users.get']);
    expect([name, await call(api.billing.users.get)]).toEqual([name, 'billing.users.get']);
  }
});

test('a scope with the name of a root service has the actions of that service too', async () => {
  for (const [name, api, call] of await bothApis({ root, billing })) {
    expect([name, await call(api.billing.pay)]).toEqual([name, 'root.billing.pay']);
    expect([name, await call(api.root.billing.pay)]).toEqual([name, 'root.billing.pay']);
    expect([name, await call(api.billing.users.get)]).toEqual([name, 'billing.users.get']);
  }
});

test('an action with the name of a service of that scope carries the service`s actions', async () => {
  for (const [name, api, call] of await bothApis({ billing, root })) {
    const { invoices } = api.billing;
    expect([name, await call(invoices)]).toEqual([name, 'root.billing.invoices']);
    expect([name, await call(invoices.list)]).toEqual([name, 'billing.invoices.list']);
    expect([name, await call(invoices.name)]).toEqual([name, 'billing.invoices.name']);
    expect([name, await call(api.root.billing.invoices)]).toEqual([name, 'root.billing.invoices']);
    expect([name, api.root.billing.invoices.list]).toEqual([name, undefined]);
  }
});

test('a scope, a service and an action may all be called root', async () => {
  const schemas = { root: { root: { actions: { root: tell('root.root.root') } } } };
  for (const [name, api, call] of await bothApis(schemas)) {
    expect([name, await call(api.root.root.root)]).toEqual([name, 'root.root.root']);
    expect([name, await call(api.root.root)]).toEqual([name, 'root.root.root']);
  }
});

const awkward = [
  'name',
  'length',
  'apply',
  'call',
  'bind',
  'toString',
  'constructor',
  'prototype',
  'arguments',
  'then',
  '__proto__',
  'a.b',
  '',
];

test.each(awkward)('%j may be the name of an action, a service and a scope', async (word) => {
  const actions = { [word]: tell('action') };
  const services = { [word]: { actions }, plain: { actions } };
  for (const [name, api, call] of await bothApis({ other: services, [word]: services })) {
    expect([name, await call(api.other.plain[word])]).toEqual([name, 'action']);
    expect([name, await call(api.other[word][word])]).toEqual([name, 'action']);
    expect([name, await call(api[word][word][word])]).toEqual([name, 'action']);
  }
});

test.each(awkward)('%j may be an action of the service that an action carries', async (word) => {
  const schemas = {
    root: { billing: { actions: { invoices: tell('function') } } },
    billing: { invoices: { actions: { [word]: tell('carried') } } },
  };
  for (const [name, api, call] of await bothApis(schemas)) {
    expect([name, await call(api.billing.invoices)]).toEqual([name, 'function']);
    expect([name, await call(api.billing.invoices[word])]).toEqual([name, 'carried']);
  }
});

test('what no schema declares is not there', async () => {
  for (const [name, api] of await bothApis({ root, billing })) {
    for (const container of [api, api.root, api.users, api.billing]) {
      for (const word of ['other', 'constructor', 'toString', 'then', '__proto__']) {
        expect([name, word, container[word]]).toEqual([name, word, undefined]);
      }
    }
  }
});

test('the names can be listed', async () => {
  for (const [name, api] of await bothApis({ root, billing })) {
    expect([name, Object.keys(api).sort()]).toEqual([name, ['billing', 'probe', 'root', 'users']]);
    expect([name, Object.keys(api.billing).sort()]).toEqual([name, ['invoices', 'pay', 'users']]);
    expect([name, Object.keys(api.billing.invoices).sort()]).toEqual([name, ['list', 'name']]);
    expect([name, 'pay' in api.billing, 'other' in api.billing]).toEqual([name, true, false]);
    expect([name, Object.keys({ ...api.users })]).toEqual([name, ['get']]);
  }
});

test('I1: over HTTP merged names are not actions', async () => {
  const { post } = await startGateway({ root, billing });
  expect((await post('billing/invoices/list')).json).toBe('billing.invoices.list');
  expect((await post('billing/invoices')).json).toBe('root.billing.invoices');
  for (const path of [
    'billing/billing/pay',
    'root/invoices/list',
    'billing/invoices/call',
    'billing/pay/name',
  ]) {
    expect([path, (await post(path)).status]).toEqual([path, 404]);
  }
});
