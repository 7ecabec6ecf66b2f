import { startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import type { Upstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { expectFailure } from './rest-failure';

checkLeaks();

const refused = { status: 502, code: 'UNEXPECTED_REDIRECT' };

/** Redirects `count` times, then answers. */
function redirectTimes(count: number, status = 307) {
  return startUpstream((request, response) => {
    const step = Number(request.url.split('=')[1] ?? 0);
    if (step >= count) return response.end('arrived');
    response.writeHead(status, { location: `/run?step=${step + 1}` }).end('moved');
  });
}

/** Sends `/run` on to a place, answers everything else. */
function redirectTo(location: string, status = 302) {
  return startUpstream((request, response) => {
    if (request.url !== '/run') return response.end('arrived');
    response.writeHead(status, { location }).end('moved');
  });
}

promise(
  'U5',
  'GET and HEAD follow redirects, at most five by default; other methods follow none unless maxRedirects says so.',
  (express) => {
    test.each([301, 302, 303, 307, 308])('a %d', async (status) => {
      for (const method of ['GET', 'HEAD'] as const) {
        const upstream = await redirectTimes(1, status);
        const { post } = await startRestAction(upstream.url, { method }, {}, { express });
        expect((await post()).status).toBe(200);
        expect(upstream.requests.map((request) => request.method)).toEqual([method, method]);
      }
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
        const upstream = await redirectTimes(1, status);
        await expectFailure(
          await startRestAction(upstream.url, { method }, {}, { express }),
          refused,
        );
        // Once through the controller, once through api.
        expect(upstream.requests).toHaveLength(2);
      }
    });

    const post = { method: 'POST' } as const;
    test.each<[number, boolean, object, object, object]>([
      [5, true, {}, {}, {}],
      [6, false, {}, {}, {}],
      [2, true, { ...post, maxRedirects: 2 }, {}, {}],
      [3, false, { ...post, maxRedirects: 2 }, {}, {}],
      [2, true, post, { maxRedirects: 2 }, {}],
      [2, true, post, {}, { axiosConfig: { maxRedirects: 2 } }],
      [1, false, post, {}, { limits: { redirects: 2 } }],
      [1, false, { maxRedirects: 0 }, {}, { axiosConfig: { maxRedirects: 9 } }],
      [7, true, { maxRedirects: 7 }, {}, {}],
      [3, false, {}, {}, { limits: { redirects: 2 } }],
    ])(
      'of %d all are followed: %s (action %j, endpoint %j, config %j)',
      async (count, isFollowed, definition, axiosConfig, config) => {
        const { url } = await redirectTimes(count);
        const endpoint = { path: url, axiosConfig };
        const action = await startRestAction(endpoint, definition, config, { express });
        if (!isFollowed) await expectFailure(action, refused);
        else expect(await action.post()).toMatchObject({ status: 200, text: '"arrived"' });
      },
    );
  },
);

const SECRETS = ['authorization', 'cookie', 'x-auth', 'x-config', 'x-endpoint', 'x-proxied'];
const fromBrowser = { cookie: 'secret', 'x-proxied': 'secret', origin: 'secret' };

const startSecretive = (path: string, express: 4 | 5) =>
  startRestAction(
    { path, axiosConfig: { headers: { 'X-Endpoint': 'secret' } } },
    {
      getAuthHeaders: () => ({ authorization: 'secret', 'x-auth': 'secret' }),
      proxyHeaders: ['cookie', 'x-proxied'],
    },
    { axiosConfig: { headers: { 'X-Config': 'secret' } } },
    { express },
  );

promise(
  'U5',
  'Configured, forwarded and auth headers are dropped on the way to another origin and do not come back.',
  (express) => {
    test.each([301, 303, 307])('a %d to another port', async (status) => {
      const other = await startUpstream();
      const upstream = await redirectTo(`${other.url}/next`, status);
      const { post } = await startSecretive(upstream.url, express);
      expect((await post({}, fromBrowser)).status).toBe(200);
      expect(Object.keys(upstream.last.headers)).toEqual(expect.arrayContaining(SECRETS));
      expect(other.last.headers.host).toBe(`127.0.0.1:${other.port}`);
      expect(JSON.stringify(other.last.headers)).not.toContain('secret');
    });

    test('after a step on the same origin', async () => {
      const other = await startUpstream();
      const upstream = await startUpstream(({ url }, response) => {
        response.writeHead(302, { location: url === '/run' ? '/next' : `${other.url}/away` }).end();
      });
      const { post } = await startSecretive(upstream.url, express);
      expect((await post({}, fromBrowser)).status).toBe(200);
      expect(Object.keys(upstream.last.headers)).toEqual(expect.arrayContaining(SECRETS));
      expect(JSON.stringify(other.last.headers)).not.toContain('secret');
    });

    test('another name of the same address is another origin', async () => {
      const upstream: Upstream = await startUpstream(({ url }, response) => {
        if (url !== '/run') return response.end('arrived');
        response.writeHead(302, { location: `http://localhost:${upstream.port}/next` }).end();
      });
      const { post } = await startSecretive(upstream.url, express);
      expect((await post({}, fromBrowser)).status).toBe(200);
      expect(JSON.stringify(upstream.last.headers)).not.toContain('secret');
    });

    test('back again', async () => {
      const upstream: Upstream = await startUpstream(({ url }, response) => {
        if (url === '/home') return response.end('home');
        response.writeHead(302, { location: `${other.url}/away` }).end();
      });
      const other: Upstream = await startUpstream((_request, response) =>
        response.writeHead(302, { location: `${upstream.url}/home` }).end(),
      );
      const { post } = await startSecretive(upstream.url, express);
      expect(await post({}, fromBrowser)).toMatchObject({ status: 200, text: '"home"' });
      expect(JSON.stringify(upstream.last.headers)).not.toContain('secret');
    });

    test('on the same origin they go along', async () => {
      const upstream = await redirectTo('/next');
      const { post } = await startSecretive(upstream.url, express);
      expect((await post({}, fromBrowser)).status).toBe(200);
      expect(Object.keys(upstream.last.headers)).toEqual(expect.arrayContaining(SECRETS));
    });
  },
);

promise('U5', 'A redirect leads to http and https only.', (express) => {
  test.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'data:application/json,{}',
    'javascript:alert(1)',
    'ws://127.0.0.1/x',
    'blob:http://127.0.0.1/x',
    'http://[broken',
  ])('%s', async (location) => {
    const { url } = await redirectTo(location);
    const answer = await expectFailure(await startRestAction(url, {}, {}, { express }), refused);
    expect(answer.text).not.toMatch(/passwd|broken|127\.0\.0\.1/);
  });
});
