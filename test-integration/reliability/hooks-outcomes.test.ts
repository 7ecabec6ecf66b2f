import { failureOf } from '../../test/servers/start-rest-action';
import { checkLeaks } from './check-leaks';
import { createFailingHook, EARLY_HOOKS, expectCoded, WAYS } from './failing-hook';
import { promise } from './promise';
import { KINDS, startService } from './start-service';

checkLeaks();

const CODED_500 = { status: 500, code: expect.stringMatching(/./), message: expect.any(String) };

promise(
  'K2',
  'When a hook fails before the request is made (auth, endpoint, path, params, proxyHeaders), nothing is sent, through the controller and through `api`.',
  (express) => {
    const ofActions = EARLY_HOOKS.filter(({ name }) => !/^on|getAuthArgs/.test(name));

    test.each(ofActions)('$name, $kind', async ({ kind, place }) => {
      const { hook, fail } = createFailingHook();
      const { post, s, sent, stats } = await startService(express, place(hook));
      fail(new Error('boom'), false);
      expectCoded(await post(kind));
      expect((await failureOf(s[kind]!())).error).toMatchObject(CODED_500);
      expect(sent()).toBe(0);
      expect(stats.filter(({ action }) => action === kind)).toHaveLength(2);
    });
  },
);

promise(
  'K2',
  'When transformResponseData fails, the answer is a coded 500, and the data of the upstream is not in it.',
  (express) => {
    test.each([...KINDS, 'restStream'])('%s', async (action) => {
      const { hook, fail } = createFailingHook();
      const { post, s } = await startService(express, { common: { transformResponseData: hook } });
      for (const isAsync of [false, true]) {
        fail(new Error('boom'), isAsync);
        const answer = await post(action);
        expectCoded(answer);
        expect(answer.status).toBe(500);
        const { error } = await failureOf(s[action]!());
        expect(error).toMatchObject(CODED_500);
        expect(JSON.stringify(error)).not.toContain('from');
      }
    });
  },
);

promise(
  'K2',
  'When transformResponseError fails, the error of the upstream stands, and the failure is logged.',
  (express) => {
    const upstream = { status: 409, code: 'TAKEN', message: 'taken' };

    test.each(WAYS)('$name', async ({ thrown, isAsync }) => {
      const { hook, fail } = createFailingHook();
      fail(thrown, isAsync);
      const options = { rest: { transformResponseError: hook } };
      const { post, s, children } = await startService(express, options);
      for (const action of ['restFails', 'mixedFails']) {
        expect(await post(action)).toMatchObject({ status: 409, json: upstream });
        expect((await failureOf(s[action]!())).error).toMatchObject(upstream);
      }
      const logged = children().flatMap(({ errors }) => errors);
      const own = logged.filter(({ message }) => message === 'transformResponseError failed');
      expect(own).toHaveLength(2);
    });
  },
);

const half = (res: any) => res.write('half');
const begun: [string, (res: any) => unknown][] = [
  ['half of a chunked body', half],
  ['half of a body of known length', (res) => half(res.set('content-length', '100'))],
  ['the head', (res) => res.writeHead(200, { 'content-length': '100' }).flushHeaders()],
  ['an error head', (res) => half(res.status(500))],
];
const hooks = ['onRequestSuccess', 'onRequestFailed'] as const;
const suffixOf = { onRequestSuccess: '', onRequestFailed: 'Fails' };
const hooksAndKinds = hooks.flatMap((hook) => KINDS.map((kind) => ({ hook, kind })));

promise(
  'K4',
  'When onRequestSuccess or onRequestFailed fails before anything is sent, the answer is a coded 500.',
  (express) => {
    const untold: [string, (res: any) => unknown][] = [
      ['nothing', () => undefined],
      ['a status', (res) => res.status(201)],
      ['headers', (res) => res.set({ 'content-type': 'text/html', 'x-own': 'yes' })],
    ];

    test.each(hooksAndKinds)('$hook, $kind', async ({ hook, kind }) => {
      const { hook: failing, fail } = createFailingHook();
      let begin: (res: any) => unknown;
      const answering = (_req: unknown, res: unknown) => {
        begin(res);
        return failing();
      };
      const { post } = await startService(express, { config: { [hook]: answering } });
      for (const [what, set] of untold) {
        for (const isAsync of [false, true]) {
          begin = set;
          fail(new Error('boom'), isAsync);
          const answer = await post(kind + suffixOf[hook]);
          expect({ what, ...answer.json }).toMatchObject({ what, ...CODED_500 });
          expectCoded(answer);
          expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
        }
      }
    });
  },
);

promise(
  'K4',
  'When onRequestSuccess or onRequestFailed fails after the answer was begun, the connection is destroyed, and no other hook is asked.',
  (express) => {
    test.each(hooksAndKinds)('$hook, $kind', async ({ hook, kind }) => {
      const { hook: failing, fail } = createFailingHook();
      const asked: string[] = [];
      let begin: (res: any) => unknown;
      const answering = (_req: unknown, res: unknown) => {
        asked.push(hook);
        begin(res);
        return failing();
      };
      const others = { onRequestFailed: () => asked.push('other') };
      const config = { ...others, [hook]: answering };
      const { post, children } = await startService(express, { config });
      for (const [, first] of begun) {
        for (const isAsync of [false, true]) {
          begin = first;
          fail({ status: 418 }, isAsync);
          await expect(post(kind + suffixOf[hook])).rejects.toThrow(/aborted|hang up|ECONNRESET/);
        }
      }
      expect(asked).toEqual(Array(begun.length * 2).fill(hook));
      expect(children().every(({ ends }) => ends === 1)).toBe(true);
    });
  },
);
