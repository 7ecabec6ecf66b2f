import { startGateway } from '../../test/servers/start-gateway';
import { PROTO_ROOT, startGrpcUpstream } from '../../test/servers/start-grpc-upstream';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';
import { shopActions } from '../../test/transports/grpc/start-shop';
import { checkLeaks } from './check-leaks';
import { promise, promiseOnce } from './promise';
import type { ExpressVersion } from './promise';

checkLeaks();
// A busy machine takes several times as long.
jest.setTimeout(120_000);

const USERS = 600;
const later = (answer: () => void) => setTimeout(answer, Math.random() * 30);

/** Servers that answer with what they were told of the user, some time later. */
async function startServers() {
  const rest = await startUpstream(({ method, headers, url, body }, response) => {
    const { authorization: token, 'x-user': user, 'x-request-id': requestId } = headers;
    const seen = { method, token, user, requestId, url, body: body.toString() };
    later(() => sendJson(response, seen));
  });
  const tell = ({ metadata, request }: any) => {
    const [token, user] = [metadata.get('authorization')[0], metadata.get('x-user')[0]];
    const id = request.itemId || `${request.count}`;
    return { itemId: id, note: token, tags: [user, metadata.get('x-request-id')[0]] };
  };
  const grpc = await startGrpcUpstream({
    Get: (call: any, callback: any) => later(() => callback(null, tell(call))),
    Watch: (call: any) =>
      later(() => {
        call.write(tell(call));
        call.end();
      }),
  });
  return { rest, grpc };
}

/** Inner calls one after the other and together, over everything there is. */
async function mixed(api: any, { id }: any, { authArgs, userId }: any) {
  const first = await api.users.profile({ id });
  const [saved, item, messages] = await Promise.all([
    api.users.save({ id }),
    api.items.get({ itemId: id }),
    api.items.watch({ count: Number(id) }),
  ]);
  const own = [authArgs.token, userId];
  for await (const message of messages) return { own, first, saved, item, message };
}

async function start(express: ExpressVersion) {
  const { rest, grpc } = await startServers();
  const profile = { method: 'GET', path: ({ id }: any) => `/profile/${id}` };
  const save = { method: 'POST', path: '/save', params: (args: object) => ({ body: args }) };
  const schemas = {
    root: {
      users: { endpoints: rest.url, actions: { profile, save, mixed } },
      items: { endpoints: { path: grpc.address, insecure: true }, actions: { ...shopActions } },
    },
  };
  const config = {
    includeProtoRoots: [PROTO_ROOT],
    onBeforeAction: (req: any, res: any) => void (res.locals.userId = req.headers['x-user']),
    getAuthArgs: (req: any) => ({ token: req.headers['x-token'] }),
    getAuthHeaders: async ({ authArgs }: any) => {
      await new Promise(setImmediate);
      return { authorization: authArgs.token };
    },
    proxyHeaders: ['x-user'],
  };
  return { rest, ...(await startGateway(schemas as never, config, { express })) };
}

const users = Array.from({ length: USERS }, (_, index) => ({
  id: `${index}`,
  token: `token-${index}`,
  user: `user-${index}`,
  requestId: `request-${index}`,
}));

const pick = ({ itemId, note, tags }: any) => ({ itemId, note, tags });

type User = (typeof users)[number];
const headersOf = ({ token, user, requestId }: User) => {
  return { 'x-token': token, 'x-user': user, 'x-request-id': requestId };
};

/** What the servers say to this user. */
function answersTo({ id, ...known }: User) {
  const read = { ...known, method: 'GET', url: `/profile/${id}`, body: '' };
  const written = { ...known, method: 'POST', url: '/save', body: JSON.stringify({ id }) };
  const item = { itemId: id, note: known.token, tags: [known.user, known.requestId] };
  return { read, written, item, own: [known.token, known.user] };
}

promise(
  'T5',
  '600 concurrent users never see the token or the answer of another, over REST, gRPC and mixed actions.',
  (express) => {
    test('through the controller', async () => {
      const { post, rest } = await start(express);
      const seen = await Promise.all(
        users.map(async (user) => {
          const { id } = user;
          const [profile, item, all] = await Promise.all([
            post('users/profile', { id }, headersOf(user)),
            post('items/get', { itemId: id }, headersOf(user)),
            post('users/mixed', { id }, headersOf(user)),
          ]);
          return [profile.json, pick(item.json), all.json];
        }),
      );
      const shown = seen.map(([read, item, { own, first, saved, ...grpc }]) => {
        return [read, item, own, first, saved, pick(grpc.item), pick(grpc.message)];
      });
      const expected = users.map((user) => {
        const { read, written, item, own } = answersTo(user);
        return [read, item, own, read, written, item, item];
      });
      expect(shown).toEqual(expected);
      expect(rest.requests).toHaveLength(USERS * 3);
    });
  },
);

promiseOnce(
  'T5',
  '600 concurrent callers of `api` never see the token or the answer of another.',
  () => {
    test('through `api`', async () => {
      const { api } = await start(5);
      const seen = await Promise.all(
        users.map(async ({ id, token, user, requestId }) => {
          const call = {
            requestId,
            headers: { 'x-user': user },
            authArgs: { token },
            userId: user,
          };
          const { responseData } = await (api as any).users.mixed({ ...call, args: { id } });
          const { own, first, saved, item, message } = responseData;
          return [own, first, saved, pick(item), pick(message)];
        }),
      );
      const expected = users.map((user) => {
        const { read, written, item, own } = answersTo(user);
        return [own, read, written, item, item];
      });
      expect(seen).toEqual(expected);
    });
  },
);
