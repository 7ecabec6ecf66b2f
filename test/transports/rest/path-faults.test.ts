import { startUpstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

type MakePath = (args: any) => string;

/** What the answer says of a path that is not sent. */
async function describeFault(path: MakePath, args: object, more: object = {}) {
  const upstream = await startUpstream();
  const { post } = await startRestAction(upstream.url, { path, ...more });
  const { json, text } = await post(args);
  expect(json).toMatchObject({ status: 400, code: 'GATEWAY_INVALID_PARAM_VALUE' });
  expect(upstream.requests).toHaveLength(0);
  return { description: json.details.description as string, text };
}

const byId: MakePath = ({ id }) => `/users/${id}`;
const byNested: MakePath = ({ user }) => `/users/${user.id}/orders`;

test.each<[string, MakePath, object, string]>([
  ['missing', byId, {}, 'argument `id` is missing'],
  ['null', byId, { id: null }, 'argument `id` is missing'],
  ['missing in an object', byNested, { user: {} }, 'argument `user.id` is missing'],
  ['missing, one of two', ({ a, b }) => `/${a}/${b ?? ''}`, {}, 'argument `a` or `b` is missing'],
  ['empty', byNested, { user: { id: '' } }, 'argument `user.id` is empty'],
  ['not allowed', byId, { id: '../a' }, 'argument `id` is not allowed in a path'],
  ['not allowed, in a list', ({ ids }) => `/${ids.join()}`, { ids: ['a', '..'] }, '`ids` is not'],
  ['an object', byId, { id: { a: 1 } }, 'argument `id` is an object or array'],
  ['returned and missing', ({ id }) => id, {}, 'argument `id` is missing or no text'],
])('I4: the fault names an argument that is %s', async (_name, path, args, text) => {
  expect((await describeFault(path, args)).description).toContain(text);
});

const SECRET = 'S3cret-value';
test.each<[string, MakePath, object]>([
  ['a value that is not allowed', byId, { id: `../${SECRET}` }],
  ['a value that serves as key', ({ by, of }) => `/${by[of]}`, { by: {}, of: SECRET }],
  ['a value that serves as key of the args', (args) => `/${args[args.of]}`, { of: SECRET }],
  [
    'a key of the request',
    (a) => `/${String(Object.values(a.by)[0])}`,
    { by: { [`${SECRET} 1`]: null } },
  ],
  ['a key that is not allowed', (a) => `/${Object.keys(a).join()}`, { [`../${SECRET}`]: 1 }],
])('I3: the fault never shows %s', async (_name, path, args) => {
  expect((await describeFault(path, args)).text).not.toContain(SECRET);
});
