import { startGateway } from '../../test/servers/start-gateway';
import { sendJson, startUpstream } from '../../test/servers/start-upstream';

// A busy machine takes several times as long.
jest.setTimeout(120_000);

const USERS = 600;

test('T5: 600 concurrent users never see the token or answer of another, over REST and mixed', async () => {
  const upstream = await startUpstream(({ method, headers, url, body }, response) => {
    const { authorization: token, 'x-user': user, 'x-request-id': requestId } = headers;
    const answer = () =>
      sendJson(response, { method, token, user, requestId, url, body: body.toString() });
    setTimeout(answer, Math.random() * 20);
  });
  const params = (args: { id: string }) => ({ query: { id: args.id } });
  const profile = { method: 'GET', path: '/profile', params } as const;
  const save = {
    method: 'POST',
    path: '/save',
    params: (args: object) => ({ body: args }),
  } as const;
  const { post } = await startGateway(
    {
      root: {
        users: {
          endpoints: upstream.url,
          actions: {
            profile,
            save,
            both: async (api: any, args: any, { authArgs, userId }: any) => {
              const first = await api.users.profile(args);
              const rest = await Promise.all([api.users.save(args), api.users.profile(args)]);
              return { own: [authArgs.token, userId], all: [first, ...rest] };
            },
          },
        },
      },
    },
    {
      onBeforeAction: (req: any, res: any) => void (res.locals.userId = req.headers['x-user']),
      getAuthArgs: (req: any) => ({ token: req.headers['x-token'] }),
      getAuthHeaders: ({ authArgs }) => ({ authorization: authArgs.token }),
      proxyHeaders: ['x-user'],
    },
  );

  async function visit(id: string) {
    const headers = { 'x-token': `token-${id}`, 'x-user': id, 'x-request-id': `request-${id}` };
    const [one, saved, both] = await Promise.all([
      post('users/profile', { id }, headers),
      post('users/save', { id }, headers),
      post('users/both', { id }, headers),
    ]);
    const own = { token: `token-${id}`, user: id, requestId: `request-${id}` };
    const read = { ...own, method: 'GET', url: `/profile?id=${id}`, body: '' };
    const written = { ...own, method: 'POST', url: '/save', body: JSON.stringify({ id }) };
    expect([one.json, saved.json]).toEqual([read, written]);
    expect(both.json).toEqual({ own: [`token-${id}`, id], all: [read, written, read] });
  }

  await Promise.all(Array.from({ length: USERS }, (_, n) => visit(`user${n}`)));
  expect(upstream.requests).toHaveLength(USERS * 5);
});
