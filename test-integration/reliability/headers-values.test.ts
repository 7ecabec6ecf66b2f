import { startRestAction } from '../../test/servers/start-rest-action';
import { startUpstream } from '../../test/servers/start-upstream';
import { checkLeaks } from './check-leaks';
import { promise } from './promise';
import { PATHS, startKinds } from './start-kinds';
import type { KindsOptions } from './start-kinds';

checkLeaks();

const BAD_VALUES = [
  ...[
    's3cret\r\nx-injected: 1',
    's3cret\n',
    's3cret\r',
    '\0s3cret',
    's3cret\u001b',
    's3cret\u007f',
  ],
  ...['s3cret привет', 's3cret\u0100', 's3cret\ud800', 's3cret\u{1f600}'],
];
const BAD_NAMES = ['x bad', 'x:bad', 'x\r\nbad', 'x\0', '', 'имя', 'x(bad)'];
const BAD_TEXTS: Record<string, unknown>[] = [
  ...BAD_VALUES.map((value) => ({ 'x-bad': value })),
  ...BAD_NAMES.map((name) => ({ [name]: 'v' })),
];
const BAD = [...BAD_TEXTS, { 'x-bad': ['fine', 's3cret\n'] }, { 'x-bad': { s3cret: 1 } }];

type Make = () => any;

/** Everything that may make headers, and is trusted to make them right. */
const MAKERS: [string, (make: Make) => KindsOptions][] = [
  ['params', (make) => ({ definition: { params: () => ({ headers: make() }) } })],
  ['getAuthHeaders of the action', (make) => ({ definition: { getAuthHeaders: make } })],
  ['getAuthHeaders of the config', (make) => ({ config: { getAuthHeaders: make } })],
  ['proxyHeaders of the action', (make) => ({ definition: { proxyHeaders: make } })],
  ['proxyHeaders of the config', (make) => ({ config: { proxyHeaders: make } })],
];

promise(
  'H1',
  'A header from configuration, `params` or auth with CR, LF, NUL, another control character, text beyond latin1 or an illegal name is 500 INVALID_HEADER, over REST and gRPC; nothing is sent, and the answer does not tell the value.',
  (express) => {
    test.each(MAKERS)('%s', async (_maker, toOptions) => {
      let made = {};
      const { send, http, count } = await startKinds(
        express,
        toOptions(() => made),
      );
      for (const bad of BAD) {
        made = { 'x-fine': '1', ...bad };
        for (const path of PATHS) {
          const outcome = await send(path);
          expect({ bad, ...outcome }).toMatchObject({ bad, status: 500, code: 'INVALID_HEADER' });
          expect(outcome.message).not.toContain('s3cret');
        }
      }
      expect([count(), http.connectionCount]).toEqual([0, 0]);
    });

    test.each(BAD_TEXTS)('axiosConfig.headers of config and endpoint: %j', async (headers) => {
      const { url, requests } = await startUpstream();
      const axiosConfig = { headers: headers as Record<string, string> };
      for (const [endpoint, config] of [
        [url, { axiosConfig }],
        [{ path: url, axiosConfig }, {}],
      ] as const) {
        const { post } = await startRestAction(endpoint, {}, config, { express });
        const answer = await post();
        expect(answer).toMatchObject({ status: 500, json: { code: 'INVALID_HEADER' } });
        expect(answer.text).not.toContain('s3cret');
      }
      expect(requests).toEqual([]);
    });
  },
);

/** Headers that no client could send, as a middleware may leave them in the request. */
function leaveInRequest(headersOf: () => object): KindsOptions['use'] {
  return (app, json) => {
    app.use(json());
    app.use((req: any, _res: unknown, next: () => void) => {
      Object.assign(req.headers, headersOf());
      next();
    });
  };
}

const copy = (headers: any): any => headers;
const COPIERS: [string, KindsOptions][] = [
  ['proxyHeaders of the action', { definition: { proxyHeaders: copy } }],
  ['proxyHeaders of the config', { config: { proxyHeaders: copy } }],
  ['names', { definition: { proxyHeaders: ['x-bad', 'x-fine'] } }],
];
const PASSED = ['origin', 'referer', 'user-agent', 'x-real-ip', 'x-forwarded-for'];
const REPLACED = ['accept-language', 'x-request-id', 'idempotency-key'];

promise(
  'H1',
  "Such a value that comes from the client's request is dropped, and the call goes on.",
  (express) => {
    test.each(COPIERS)('copied by %s', async (_copier, options) => {
      let bad = {};
      const use = leaveInRequest(() => bad);
      const { send } = await startKinds(express, { ...options, use });
      for (const headers of BAD) {
        bad = headers;
        for (const path of PATHS) {
          const fine = { 'x-fine': '1' };
          const outcome = await send(path, path[1] === 'api' ? { ...fine, ...bad } : fine);
          expect({ bad, ...outcome }).toMatchObject({ bad, status: 200, sent: fine });
          for (const name of ['x-bad', 'x-injected', ...BAD_NAMES]) {
            expect(outcome.sent).not.toHaveProperty([name]);
          }
        }
      }
    });

    test('passed on by the gateway itself', async () => {
      const names = [...PASSED, ...REPLACED];
      const bad = Object.fromEntries(names.map((name) => [name, 's3cret\r\nx: y']));
      const use = leaveInRequest(() => bad);
      const { send } = await startKinds(express, { definition: { idempotency: true }, use });
      for (const path of PATHS) {
        const outcome = await send(path, path[1] === 'api' ? bad : {});
        expect(outcome).toMatchObject({ status: 200, sent: { 'accept-language': 'en' } });
        expect(outcome.sent).toMatchObject({
          'idempotency-key': expect.stringMatching(/^[\w-]{36}$/),
        });
        expect(JSON.stringify(outcome.sent)).not.toContain('s3cret');
      }
    });
  },
);

promise(
  'H1',
  'Latin1 text in a header of the client arrives as it came over REST, and percent-encoded over gRPC.',
  (express) => {
    test.each(PATHS)('%s by %s', async (...path) => {
      const { send } = await startKinds(express, { definition: { proxyHeaders: ['x-name'] } });
      const outcome = await send(path, { 'x-name': 'caf\u00e9 1%' });
      const expected = path[0] === 'rest' ? 'caf\u00e9 1%' : 'caf%C3%A9 1%';
      expect(outcome).toMatchObject({ status: 200, sent: { 'x-name': expected } });
    });
  },
);
