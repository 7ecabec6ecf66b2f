import { startUpstream } from '../../servers/start-upstream';
import { startRestAction } from '../../servers/start-rest-action';

/** Sends `/run` on to `location`, answers everything else. */
function redirectTo(location: string | undefined, status = 302) {
  return startUpstream((request, response) => {
    if (request.url !== '/run') return response.end('arrived');
    response.writeHead(status, location === undefined ? {} : { location });
    response.end('moved');
  });
}

const refused = { status: 502, code: 'UNEXPECTED_REDIRECT' };

test.each([301, 302, 303, 307, 308])('U5 GET and HEAD follow a %d', async (status) => {
  const upstream = await redirectTo('/next?a=1', status);
  for (const method of ['GET', 'HEAD'] as const) {
    const { post } = await startRestAction(upstream.url, { method });
    const text = method === 'GET' ? '"arrived"' : '';
    expect(await post()).toMatchObject({ status: 200, text });
    expect(upstream.last).toMatchObject({ method, url: '/next?a=1' });
  }
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
  'U5 %s follows none',
  async (method) => {
    const upstream = await redirectTo('/next');
    const { post } = await startRestAction(upstream.url, { method });
    expect((await post()).json).toMatchObject(refused);
    expect(upstream.requests).toHaveLength(1);
  },
);

/** An upstream that redirects `count` times and then answers. */
function redirectTimes(count: number) {
  return startUpstream((request, response) => {
    const step = Number(request.url.split('=')[1] ?? 0);
    if (step >= count) return response.end('arrived');
    response.writeHead(307, { location: `/run?step=${step + 1}` }).end();
  });
}

test.each<[number, boolean, object, object, object]>([
  [5, true, {}, {}, {}],
  [6, false, {}, {}, {}],
  [1, true, { maxRedirects: 1 }, {}, {}],
  [2, false, { maxRedirects: 1 }, {}, {}],
  [1, false, { maxRedirects: 0 }, { maxRedirects: 9 }, { axiosConfig: { maxRedirects: 9 } }],
  [7, true, {}, { maxRedirects: 7 }, { axiosConfig: { maxRedirects: 0 } }],
  [1, false, {}, { maxRedirects: 0 }, { axiosConfig: { maxRedirects: 9 } }],
  [7, true, {}, {}, { axiosConfig: { maxRedirects: 7 } }],
  [1, false, {}, {}, { axiosConfig: { maxRedirects: 0 } }],
  [2, true, {}, {}, { limits: { redirects: 2 } }],
  [3, false, {}, {}, { limits: { redirects: 2 } }],
  [2, true, {}, {}, { limits: { redirects: 1 }, axiosConfig: { maxRedirects: 2 } }],
  [2, true, { method: 'POST', maxRedirects: 2 }, {}, {}],
  [2, true, { method: 'POST' }, {}, { axiosConfig: { maxRedirects: 2 } }],
  [1, false, { method: 'POST' }, {}, { limits: { redirects: 2 } }],
])(
  'of %d redirects all are followed: %s (action %j, endpoint %j, config %j)',
  async (count, isFollowed, action, axiosConfig, config) => {
    const upstream = await redirectTimes(count);
    const { post } = await startRestAction({ path: upstream.url, axiosConfig }, action, config);
    const answer = await post();
    if (isFollowed) expect(answer).toMatchObject({ status: 200, text: '"arrived"' });
    else expect(answer.json).toMatchObject(refused);
  },
);

test.each([
  ['a loop', '/run'],
  ['another scheme', 'file:///etc/passwd'],
  ['ftp', 'ftp://127.0.0.1/x'],
  ['data', 'data:application/json,{}'],
  ['javascript', 'javascript:alert(1)'],
  ['what is no URL', 'http://[broken'],
  ['no location', undefined],
  ['a port that refuses', 'http://127.0.0.1:1/x'],
])('U5, X3 a redirect to %s is a clean 502', async (_kind, location) => {
  const upstream = await redirectTo(location);
  const { post } = await startRestAction(upstream.url);
  const answer = await post();
  expect(answer.status).toBe(502);
  expect(answer.json.code).toMatch(/^(UNEXPECTED_REDIRECT|ECONNREFUSED)$/);
  expect(answer.text).not.toMatch(/127\.0\.0\.1|passwd|broken/);
});

test('a 304 is a 502, a 300 is not followed', async () => {
  for (const [status, code] of [
    [304, 'INVALID_RESPONSE'],
    [300, 'UNEXPECTED_REDIRECT'],
  ] as const) {
    const upstream = await redirectTo(undefined, status);
    const { post } = await startRestAction(upstream.url);
    expect((await post()).json).toMatchObject({ status: 502, code });
  }
});

test("the user's own beforeRedirect is asked too, and may refuse", async () => {
  const upstream = await redirectTo('/next');
  const seen: unknown[] = [];
  const watching = await startRestAction(
    upstream.url,
    {},
    {
      axiosConfig: { beforeRedirect: (options) => void seen.push(options['path']) },
    },
  );
  expect((await watching.post()).status).toBe(200);
  expect(seen).toEqual(['/next']);
  const refusing = await startRestAction(
    upstream.url,
    {},
    {
      axiosConfig: {
        beforeRedirect: () => {
          throw new Error('secret');
        },
      },
    },
  );
  const answer = await refusing.post();
  expect(answer.json).toMatchObject(refused);
  expect(answer.text).not.toContain('secret');
});
