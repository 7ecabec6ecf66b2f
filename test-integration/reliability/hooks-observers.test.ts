import { eventually } from '../../test/servers/eventually';
import { checkLeaks } from './check-leaks';
import { createFailingHook, WAYS } from './failing-hook';
import { promise } from './promise';
import { KINDS, startService } from './start-service';
import type { ServiceOptions } from './start-service';

checkLeaks();

type Hook = () => any;

const ofConfig = (name: string, more: object = {}) => {
  return (hook: Hook): ServiceOptions => ({ config: { ...more, [name]: hook } });
};
const observers: { name: string; logged: string; place: (hook: Hook) => ServiceOptions }[] = [
  { name: 'sendStats', logged: 'sendStats failed', place: ofConfig('sendStats') },
  {
    name: 'ctx.stats',
    logged: 'sendStats failed',
    place: (stats) => ({ config: { sendStats: undefined }, ctx: { stats } }),
  },
  {
    name: 'ctx.log',
    logged: 'ctx.log failed',
    place: (log) => ({ ctx: { log } }),
  },
  {
    name: 'proxyDebugHeaders',
    logged: 'proxyDebugHeaders failed',
    place: ofConfig('proxyDebugHeaders', { withDebugHeaders: true }),
  },
  {
    name: 'withDebugHeaders',
    logged: 'withDebugHeaders failed',
    place: ofConfig('withDebugHeaders'),
  },
];

const answers = {
  rest: { status: 200, json: { raw: 'from rest' } },
  grpc: { status: 200, json: { itemId: 'from grpc' } },
  restFails: { status: 409, json: { status: 409, code: 'TAKEN' } },
  grpcFails: { status: 409, json: { status: 409, details: { grpcCode: 6 } } },
};
const FAILURES = WAYS.filter(({ name }) =>
  /^(an Error|null|a string|an object \w+ \w+ throw),/.test(name),
);
const ofSuccess = (name: string) => name === 'ctx.log';

promise(
  'K3',
  'A sendStats, log, proxyDebugHeaders or withDebugHeaders that fails is logged once for each call, and the call is not affected.',
  (express) => {
    test.each(observers)('$name', async ({ name, logged, place }) => {
      const { hook, fail } = createFailingHook();
      const { post, all, sent } = await startService(express, place(hook));
      const count = () =>
        all.flatMap(({ errors }) => errors).filter(({ message }) => message === logged).length;
      let calls = 0;
      for (const { thrown, isAsync } of FAILURES) {
        fail(thrown, isAsync);
        for (const [action, expected] of Object.entries(answers)) {
          if (ofSuccess(name) && action.endsWith('Fails')) continue;
          expect(await post(action)).toMatchObject(expected);
          calls++;
          await eventually(() => count() >= calls);
          expect(count()).toBe(calls);
        }
      }
      expect(sent()).toBe(calls);
    });

    test.each(observers)('$name, in a mixed action', async ({ place }) => {
      const { hook, fail } = createFailingHook();
      const { post } = await startService(express, place(hook));
      for (const { thrown } of FAILURES) {
        fail(thrown, false);
        expect(await post('mixed')).toMatchObject({
          status: 200,
          json: { rest: { raw: 'from rest' }, grpc: { itemId: 'from grpc' } },
        });
        expect(await post('mixedFails')).toMatchObject({ status: 409, json: { code: 'TAKEN' } });
      }
    });
  },
);

const inner = { mixed: ['rest', 'grpc'], mixedFails: ['restFails'] } as Record<string, string[]>;
const boom = () => {
  throw new Error('boom');
};

promise('K3', 'Stats are sent once per call, whatever becomes of it.', (express) => {
  const outcomes: [string, string[], ServiceOptions][] = [
    ['success', [...KINDS, 'restStream'], {}],
    ['a failure of the upstream', KINDS.map((kind) => `${kind}Fails`), {}],
    [
      'retries',
      ['restFails', 'grpcFails'],
      {
        common: { retries: 2 },
        config: { axiosRetryCondition: () => true, grpcRetryCondition: () => true },
      },
    ],
    ['a timeout', ['restSilent', 'grpcSilent'], { silentMs: 100 }],
    ['a failing params', ['rest', 'grpc'], { common: { params: boom } }],
    [
      'a failing transformResponseData',
      ['rest', 'grpc'],
      { common: { transformResponseData: boom } },
    ],
    ['a missing endpoint', ['rest', 'grpc'], { common: { endpoint: 'none' } }],
    [
      'args that are not valid',
      ['rest', 'grpc'],
      { common: { validationSchema: { type: 'object', required: ['id'] } } },
    ],
    ['a failing onRequestSuccess', [...KINDS], { config: { onRequestSuccess: boom } }],
    ['a failing onRequestFailed', ['restFails'], { config: { onRequestFailed: boom } }],
  ];

  test.each(outcomes)('%s', async (_name, actions, options) => {
    const { post, stats } = await startService(express, options);
    for (const action of actions) {
      stats.splice(0);
      await post(action);
      await eventually(() => stats.length > 0);
      const expected = [...(inner[action] ?? []), action];
      expect(stats.map(({ action: name }) => name)).toEqual(expected);
    }
  });
});
